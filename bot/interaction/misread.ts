import { type ErrorCode, MlopsError } from '../../pipeline/core/errors.ts';
import type { Typed } from './tokenize.ts';

/** One thing that may have been meant: the arguments with that in them. */
export interface Correction {
  readonly apply: (typed: Typed) => Typed;
  /** On its button; left out: the whole command. */
  readonly label?: string;
}

/**
 * An argument that stands for nothing the command knows, with what may have been meant. Whoever runs
 * the command offers each as a complete command, so nothing has to be typed again.
 */
export class Misread extends MlopsError {
  readonly corrections: readonly Correction[];

  constructor(
    code: ErrorCode,
    message: string,
    given: { readonly hint?: string; readonly corrections: readonly Correction[] },
  ) {
    super(code, message, given.hint === undefined ? {} : { hint: given.hint });
    this.corrections = given.corrections;
  }
}

/** The same arguments with one word in place of another. */
export function replacing(typed: string, by: string, label?: string): Correction {
  return {
    apply: ({ words, options }) => {
      const at = words.findIndex((word) => word.toLowerCase() === typed.toLowerCase());
      return { options, words: words.map((word, index) => (index === at ? by : word)) };
    },
    ...(label === undefined ? {} : { label }),
  };
}

/** The same arguments behind one more. */
export function startingWith(word: string, label?: string): Correction {
  return {
    apply: ({ words, options }) => ({ options, words: [word, ...words] }),
    ...(label === undefined ? {} : { label }),
  };
}

/** The same arguments with an option under another name. */
export function renaming(key: string, name: string): Correction {
  return {
    apply: ({ words, options }) => ({
      words,
      options: Object.fromEntries(
        Object.entries(options).map(([each, value]) => [each === key ? name : each, value]),
      ),
    }),
  };
}

/** These arguments instead. */
export function instead(words: readonly string[], label?: string): Correction {
  return {
    apply: ({ options }) => ({ words, options }),
    ...(label === undefined ? {} : { label }),
  };
}
