import { parse } from 'csv-parse/sync';
import { MlopsError } from '../errors.ts';

/** What the models said about the same held-out rows, in the same order. */
export interface Predictions {
  readonly id: readonly string[];
  readonly label: readonly string[];
  readonly candidate: readonly string[];
  /** Null when there was no production model, or it could not answer. */
  readonly production: readonly string[] | null;
  /** The best version so far; null when that is production, there was none, or it could not answer. */
  readonly anchor: readonly string[] | null;
}

const required = ['id', 'label', 'candidate', 'production'] as const;

/**
 * Reads the evaluator's `predictions.csv` (columns id, label, candidate, candidate_score,
 * production, production_score and, where an anchor was asked, anchor, anchor_score).
 * @throws {MlopsError} `CONTRACT_BROKEN` when a column is missing or no row is there.
 */
export function parsePredictions(csv: string): Predictions {
  const [header = [], ...rows]: string[][] = parse(csv, { skip_empty_lines: true });
  const missing = required.find((name) => !header.includes(name));
  if (rows.length === 0 || missing !== undefined) {
    throw new MlopsError(
      'CONTRACT_BROKEN',
      rows.length === 0
        ? 'predictions.csv has no rows.'
        : `predictions.csv has no column “${missing}”.`,
    );
  }
  const column = (name: string) => {
    const index = header.indexOf(name);
    return rows.map((row) => row[index] ?? '');
  };
  const answered = (name: string) => {
    const index = header.indexOf(name);
    return index < 0 || rows[0]?.[index] === '' ? null : column(name);
  };
  return {
    id: column('id'),
    label: column('label'),
    candidate: column('candidate'),
    production: answered('production'),
    anchor: answered('anchor'),
  };
}
