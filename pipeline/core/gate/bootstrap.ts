import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { drawBinomial, type Uniform } from './binomial.ts';
import type { BothScores, Cells } from './cells.ts';

const DRAWS = 2000;
const SEED = 20_260_101;
/** Cells drawn between two pauses, a few milliseconds: counted, not timed, so that it repeats. */
const CELLS_A_CHUNK = 20_000;
const TWO_TO_32 = 2 ** 32;

/** A score over draws of whole rows with replacement, each list sorted. */
export interface Draws {
  /** Candidate minus the other model. */
  readonly differences: Float64Array;
  readonly scores: Float64Array;
  /** Of the other model. */
  readonly others: Float64Array;
}

/**
 * A paired bootstrap: whole rows are drawn with replacement, so what the two models share stays
 * shared (Efron & Tibshirani 1993, ch. 13). Rows of one cell are alike, so a draw is a multinomial
 * over cells, made of binomials: its time does not grow with the rows. The seed is fixed. Yields
 * between chunks, so that the caller may let other work happen.
 */
export function* drawScores(
  cells: Cells,
  scoresOf: (counts: Float64Array) => BothScores,
): Generator<void, Draws> {
  const uniform = createUniform();
  const drawn = new Float64Array(cells.counts.length);
  const differences = new Float64Array(DRAWS);
  const scores = new Float64Array(DRAWS);
  const others = new Float64Array(DRAWS);
  const drawsAChunk = Math.max(1, Math.floor(CELLS_A_CHUNK / drawn.length));
  for (let draw = 0; draw < DRAWS; draw++) {
    drawCounts(cells, drawn, uniform);
    const { candidate, other } = scoresOf(drawn);
    differences[draw] = candidate - other;
    scores[draw] = candidate;
    others[draw] = other;
    if (draw % drawsAChunk === drawsAChunk - 1) yield;
  }
  return { differences: differences.sort(), scores: scores.sort(), others: others.sort() };
}

function drawCounts({ rows, counts }: Cells, drawn: Float64Array, uniform: Uniform): void {
  let rowsLeft = rows;
  let countLeft = rows;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0;
    const hits = drawBinomial(rowsLeft, count / countLeft, uniform);
    drawn[cell] = hits;
    rowsLeft -= hits;
    countLeft -= count;
  }
}

function createUniform(): Uniform {
  const generator = xoroshiro128plus(SEED);
  return () => (generator.unsafeNext() >>> 0) / TWO_TO_32;
}

/** The value that this share of the sorted draws lies below. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

export function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
