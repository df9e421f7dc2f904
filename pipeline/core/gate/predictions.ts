import { parse } from 'csv-parse/sync';
import { MlopsError } from '../errors.ts';

/** What candidate and production said about the same held-out rows, in the same order. */
export interface Predictions {
  readonly label: readonly string[];
  readonly candidate: readonly string[];
  /** Null when there was no production model. */
  readonly production: readonly string[] | null;
}

/**
 * Reads the evaluator's `predictions.csv` (columns id, label, candidate, candidate_score,
 * production, production_score).
 * @throws {MlopsError} `CONTRACT_BROKEN` when a column is missing or no row is there.
 */
export function parsePredictions(csv: string): Predictions {
  const rows: Record<string, string>[] = parse(csv, { columns: true, skip_empty_lines: true });
  const first = rows[0];
  const missing = ['label', 'candidate', 'production'].find((name) => first?.[name] === undefined);
  if (first === undefined || missing !== undefined) {
    throw new MlopsError(
      'CONTRACT_BROKEN',
      first === undefined
        ? 'predictions.csv has no rows.'
        : `predictions.csv has no column “${missing}”.`,
    );
  }
  const column = (name: string) => rows.map((row) => row[name] ?? '');
  return {
    label: column('label'),
    candidate: column('candidate'),
    production: first.production === '' ? null : column('production'),
  };
}
