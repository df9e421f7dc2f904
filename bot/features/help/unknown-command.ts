import { distance } from 'fastest-levenshtein';
import { shown } from '../../blocks/escape.ts';
import { didYouMean, suggest } from '../../blocks/suggestion.ts';
import type { Caller, Command, Reply } from '../../interaction/command.ts';
import { type Typed, textOf } from '../../interaction/tokenize.ts';
import { consequential } from '../../interaction/vocabulary.ts';

/**
 * The answer to an unknown command: the one that was probably mistyped, with its arguments, on a
 * button. `before` is what precedes the unknown word.
 */
export function unknownCommand(
  { words: [word = '', ...rest], options }: Typed,
  all: readonly Command[],
  { requestId, isConfirmed }: Pick<Caller, 'requestId' | 'isConfirmed'>,
  before = '',
): Reply {
  const near = mistyped(
    word,
    all.map(({ name }) => name),
  );
  const text = near === null ? null : textOf({ words: [near, ...rest], options });
  const suggestions = text === null ? [] : [{ command: `${before} ${text}`.trim() }];
  return {
    ...suggest(`There is no command “${shown(word, 40)}”.`, {
      hint: didYouMean(suggestions) ?? '/mlops help lists them all.',
      suggestions: isConfirmed === undefined ? suggestions : [],
      requestId,
    }),
    problem: 'usage',
  };
}

/** The one command at the smallest distance; null when there are two, or it would be a bold guess. */
function mistyped(typed: string, names: readonly string[]): string | null {
  const word = typed.toLowerCase();
  const near = names
    .map((name) => ({ name, edits: edits(word, name) }))
    .sort((a, b) => a.edits - b.edits);
  const [best, second] = near;
  if (best === undefined || best.edits === second?.edits) return null;
  const most = consequential.has(best.name) ? 1 : Math.min(2, Math.floor(best.name.length / 3));
  return best.edits <= most ? best.name : null;
}

/** Edits, counting two swapped letters as one. */
function edits(typed: string, name: string): number {
  const count = distance(typed, name);
  const isSwap = count === 2 && sorted(typed) === sorted(name);
  return isSwap ? 1 : count;
}

const sorted = (word: string): string => [...word].sort().join('');
