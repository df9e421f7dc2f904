import type { ModelInput, Prediction } from '../../../pipeline/core/corrections.ts';

/** What was asked and answered, as a button or a form carries it. */
export interface Asked {
  readonly model: string;
  readonly version: number | null;
  readonly predicted: string;
  readonly input: ModelInput;
}

export function askedText({ model, version, label }: Prediction, input: ModelInput): string {
  return JSON.stringify([model, version, label, input] satisfies Parts);
}

type Parts = [model: string, version: number | null, predicted: string, input: ModelInput];

/** Null when it is not from {@link askedText}. */
export function readAsked(text: string): Asked | null {
  try {
    const [model, version, predicted, input] = JSON.parse(text) as Partial<Parts>;
    if (typeof model !== 'string' || typeof predicted !== 'string' || input == null) return null;
    return { model, version: version ?? null, predicted, input };
  } catch {
    return null;
  }
}

/** What was typed as the input of a model of texts; as JSON for one of features. */
export function readInput(typed: string, isText: boolean): ModelInput | null {
  if (isText) return typed;
  try {
    const read: unknown = JSON.parse(typed);
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    return isObject ? (read as ModelInput) : null;
  } catch {
    return null;
  }
}
