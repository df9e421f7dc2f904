import type { Instant, Person } from './run.ts';

/** What a model is asked about: a text, or an object of features. */
export type ModelInput = string | Readonly<Record<string, number | string | boolean | null>>;

/** The answer of a model to one input. */
export interface Prediction {
  readonly model: string;
  /** The version that was in production when it was asked; null where that is not known. */
  readonly version: number | null;
  readonly label: string;
  /** From 0 to 1. */
  readonly score: number;
  /** Of every class, the likeliest first; the best one alone from versions that say no more. */
  readonly scores: readonly { readonly label: string; readonly score: number }[];
}

/** A wrong answer, with the right one: a row for a later dataset. */
export interface Correction {
  readonly model: string;
  readonly input: ModelInput;
  /** The right class, as a person said. */
  readonly label: string;
  readonly predicted: string;
  readonly version: number | null;
  readonly by: Person;
  readonly at: Instant;
}

/** Corrections of a model: how many there are, and the newest. */
export interface Corrections {
  readonly count: number;
  /** Newest first. */
  readonly newest: readonly Correction[];
}

/**
 * Rows that people have corrected, one for each input (S3 | folder). They are not trained on until
 * somebody takes them into a dataset.
 */
export interface CorrectionStore {
  /** Keeps the correction; a later one of the same input replaces it. `isNew`: there was none. */
  keep(correction: Correction): Promise<{ readonly isNew: boolean }>;
  count(model: string): Promise<number>;
  /** All of a model, newest first, at most `limit`. */
  list(model: string, limit: number): Promise<readonly Correction[]>;
}

/** The rows of corrections as JSON Lines with the columns of the model's datasets. */
export function correctionRows(
  corrections: readonly Correction[],
  columns: { readonly label: string; readonly text?: string | undefined },
): string {
  return corrections
    .map(({ input, label }) => {
      const features = typeof input === 'string' ? { [columns.text ?? 'text']: input } : input;
      return `${JSON.stringify({ ...features, [columns.label]: label })}\n`;
    })
    .join('');
}
