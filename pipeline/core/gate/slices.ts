import type { GatePolicy } from '../config.ts';
import { rows } from './gate-words.ts';
import type { Predictions } from './predictions.ts';
import type { PairedCounts } from './statistics.ts';

/** Of a column with more values than this, the rarer ones are judged together. */
const MOST_VALUES = 20;
/** Characters of a column or a value in a sentence. */
const MOST_CHARACTERS = 40;

/** Held-out rows with one value in a column of the dataset, or with any of its rarer values. */
export interface Slice {
  /** For people, such as `country=DE`. */
  readonly title: string;
  readonly counts: PairedCounts;
  /** Rows that production gets right. */
  readonly rightBefore: number;
}

export interface SlicedRows {
  readonly slices: readonly Slice[];
  /** What was not judged value by value, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The slices by each column of the policy that have enough rows: at most 20 values of a column, the
 * largest first, and the others together. A column with one value says nothing. Yields between columns.
 */
export function* sliceRows(
  { slices: columns, perClassRows }: GatePolicy,
  predictions: Predictions,
): Generator<void, SlicedRows> {
  const slices: Slice[] = [];
  const notes: string[] = [];
  for (const column of columns) {
    const name = shortened(column);
    const known = predictions.slices ?? {};
    const values = Object.hasOwn(known, column) ? known[column] : undefined;
    if (values === undefined) {
      notes.push(`The rows were evaluated without “${name}”, so no slice of it is judged.`);
      continue;
    }
    const tallies = tallyByValue(predictions, values);
    yield;
    const byRows = [...tallies].sort(
      ([a, one], [b, other]) => other.counts.rows - one.counts.rows || (a < b ? -1 : 1),
    );
    const isLarge = (tally: Tally) => tally.counts.rows >= perClassRows;
    const named = byRows.slice(0, MOST_VALUES).filter(([, tally]) => isLarge(tally));
    const rest = byRows.slice(named.length);
    if (byRows.length < 2) continue;
    if (named.length === 0) {
      notes.push(`No value of “${name}” has ${rows(perClassRows)}, so no slice of it is judged.`);
      continue;
    }
    for (const [value, tally] of named) {
      slices.push({ title: `${name}=${value === '' ? '(empty)' : shortened(value)}`, ...tally });
    }
    if (rest.length === 0) continue;
    const others = rest.map(([, tally]) => tally).reduce(added);
    const rarer = `${rest.length.toLocaleString('en-US')} rarer value${rest.length === 1 ? '' : 's'} of “${name}”`;
    if (isLarge(others)) {
      slices.push({ title: `${name}, ${rest.length} rarer values together`, ...others });
      notes.push(`The ${rarer} are judged together.`);
    } else {
      notes.push(`The ${rarer} (${rows(others.counts.rows)}) are too few to judge.`);
    }
  }
  return { slices, notes };
}

type Tally = Omit<Slice, 'title'>;

function tallyByValue(
  { label, candidate, production }: Predictions,
  values: readonly string[],
): ReadonlyMap<string, Tally> {
  const found = new Map<string, { rows: number; own: number; other: number; both: number }>();
  for (const [row, value] of values.entries()) {
    const tally = found.get(value) ?? { rows: 0, own: 0, other: 0, both: 0 };
    const isRight = candidate[row] === label[row];
    const wasRight = production?.[row] === label[row];
    tally.rows += 1;
    if (isRight && wasRight) tally.both += 1;
    else if (isRight) tally.own += 1;
    else if (wasRight) tally.other += 1;
    found.set(value, tally);
  }
  return new Map(
    [...found].map(([value, { rows: all, own, other, both }]) => [
      value,
      {
        counts: { rows: all, candidateOnly: own, productionOnly: other },
        rightBefore: both + other,
      },
    ]),
  );
}

const added = (one: Tally, other: Tally): Tally => ({
  counts: {
    rows: one.counts.rows + other.counts.rows,
    candidateOnly: one.counts.candidateOnly + other.counts.candidateOnly,
    productionOnly: one.counts.productionOnly + other.counts.productionOnly,
  },
  rightBefore: one.rightBefore + other.rightBefore,
});

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}
