import { MlopsError } from '../errors.ts';
import { readCsv } from './read-csv.ts';

/** What the models said about the same held-out rows, in the same order. */
export interface Predictions {
  readonly id: readonly string[];
  readonly label: readonly string[];
  readonly candidate: readonly string[];
  /** Null when there was no production model, or it could not answer. */
  readonly production: readonly string[] | null;
  /** The best version so far; null when that is production, there was none, or it could not answer. */
  readonly anchor: readonly string[] | null;
  /** A model fitted in seconds; null, or left out, when there was none, or it could not answer. */
  readonly baseline?: readonly string[] | null;
  /** What the rows belong to, by column of the dataset; left out where that was not kept. */
  readonly slices?: Slices;
  /** How sure the models were of their answers; left out where no score is stored. */
  readonly scores?: AnswerScores;
}

/** The score of each answer, from 0 to 1; null for a model that has none. */
export type AnswerScores = Readonly<
  Record<'candidate' | 'production' | 'anchor', readonly number[] | null>
>;

export type Slices = Readonly<Record<string, readonly string[]>>;

/** Before the name of a column of the dataset, in `predictions.csv`. */
const SLICE_PREFIX = 'slice:';

const wanted = ['id', 'label', 'candidate', 'production', 'anchor', 'baseline'] as const;
const optional: readonly string[] = ['anchor', 'baseline'];
const scored = ['candidate', 'production', 'anchor'] as const;

/**
 * Reads the evaluator's `predictions.csv` (columns id, label, candidate, candidate_score,
 * production, production_score and, where they were asked, anchor, anchor_score, baseline,
 * baseline_score, and `slice:` with a column of the dataset); yields between chunks of rows.
 * @throws {MlopsError} `CONTRACT_BROKEN` when a column is missing or no row is there.
 */
export function* parsePredictions(csv: string): Generator<void, Predictions> {
  const columns: Column[] = wanted.map((name) => ({ name, index: -1, values: [] }));
  const scores = scored.map((name) => ({
    name: `${name}_score`,
    index: -1,
    values: [] as number[],
  }));
  let slices: readonly Column[] = [];
  let header: readonly string[] | null = null;
  yield* readCsv(csv, (fields) => {
    if (header === null) {
      header = fields;
      for (const column of [...columns, ...scores]) column.index = fields.indexOf(column.name);
      slices = sliceColumns(fields);
      columns.push(...slices);
      return;
    }
    for (const { index, values } of columns) if (index >= 0) values.push(fields[index] ?? '');
    for (const { index, values } of scores) {
      if (index >= 0) values.push(Number(fields[index] || Number.NaN));
    }
  });
  const [id = [], label = [], candidate = [], production = [], anchor = [], baseline = []] =
    columns.map(({ values }) => values);
  const missing = columns.find(({ name, index }) => !optional.includes(name) && index < 0);
  if (missing !== undefined || id.length === 0) {
    throw new MlopsError(
      'CONTRACT_BROKEN',
      missing === undefined || header === null
        ? 'predictions.csv has no rows.'
        : `predictions.csv has no column “${missing.name}”.`,
    );
  }
  return {
    id,
    label,
    candidate,
    production: answered(production),
    anchor: answered(anchor),
    baseline: answered(baseline),
    ...(slices.length === 0
      ? {}
      : { slices: Object.fromEntries(slices.map(({ name, values }) => [name, values])) }),
    ...scoresOf(scores.map(({ values }) => values)),
  };
}

function scoresOf([candidate, production, anchor]: readonly number[][]): Pick<
  Predictions,
  'scores'
> {
  const known = (values: readonly number[] = []) =>
    values.length > 0 && values.every((value) => value >= 0 && value <= 1) ? values : null;
  const scores = {
    candidate: known(candidate),
    production: known(production),
    anchor: known(anchor),
  };
  return Object.values(scores).every((each) => each === null) ? {} : { scores };
}

interface Column {
  readonly name: string;
  index: number;
  readonly values: string[];
}

function sliceColumns(header: readonly string[]): readonly Column[] {
  return header.flatMap((name, index) =>
    name.startsWith(SLICE_PREFIX)
      ? [{ name: name.slice(SLICE_PREFIX.length), index, values: [] }]
      : [],
  );
}

/** The values of the rows for which `isLeft` holds; nothing where none were kept. */
export function filterSlices(
  slices: Slices | undefined,
  isLeft: (row: number) => boolean,
): Pick<Predictions, 'slices'> {
  if (slices === undefined) return {};
  const filtered = Object.entries(slices).map(([name, values]) => [
    name,
    values.filter((_, row) => isLeft(row)),
  ]);
  return { slices: Object.fromEntries(filtered) };
}

/** A model that could not answer left no answer at all. */
const answered = (values: readonly string[]) => ((values[0] ?? '') === '' ? null : values);
