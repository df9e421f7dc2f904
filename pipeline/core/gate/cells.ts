import type { PairedCounts } from './statistics.ts';

type Answers = readonly string[];

/**
 * Rows that agree in truth and answers, counted together: what every statistic of the gate needs,
 * and hundreds of entries where there are hundreds of thousands of rows. Classes are numbered from
 * 0; −1 is an answer that is no class of the truth. The arrays run in parallel.
 */
export interface Cells {
  readonly rows: number;
  readonly classes: readonly string[];
  readonly counts: Float64Array;
  readonly truth: Int32Array;
  readonly candidate: Int32Array;
  /** The model the candidate is compared with; the candidate's own answers when there is none. */
  readonly other: Int32Array;
}

export function countCells(truth: Answers, candidate: Answers, other: Answers = candidate): Cells {
  const classes = [...new Set(truth)].sort();
  const numbers = new Map(classes.map((label, index) => [label, index]));
  const width = classes.length + 1;
  const counts = new Map<number, number>();
  for (let row = 0; row < truth.length; row++) {
    const t = numbers.get(truth[row] ?? '') ?? -1;
    const c = numbers.get(candidate[row] ?? '') ?? -1;
    const o = numbers.get(other[row] ?? '') ?? -1;
    const key = ((t + 1) * width + c + 1) * width + o + 1;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts.keys()];
  return {
    rows: truth.length,
    classes,
    counts: Float64Array.from(counts.values()),
    truth: Int32Array.from(keys, (key) => Math.floor(key / width / width) - 1),
    candidate: Int32Array.from(keys, (key) => (Math.floor(key / width) % width) - 1),
    other: Int32Array.from(keys, (key) => (key % width) - 1),
  };
}

/** Rows on which exactly one of the two is right; of one true class when one is named. */
export function pairedCounts(cells: Cells, ofClass: number | null = null): PairedCounts {
  const { counts, truth, candidate, other } = cells;
  const found = { rows: 0, candidateOnly: 0, productionOnly: 0 };
  for (const [index, count] of counts.entries()) {
    const right = truth[index];
    if (ofClass !== null && right !== ofClass) continue;
    found.rows += count;
    if (candidate[index] === right && other[index] !== right) found.candidateOnly += count;
    if (candidate[index] !== right && other[index] === right) found.productionOnly += count;
  }
  return found;
}

/** Share of the rows the candidate gets right; of one true class (its recall) when one is named. */
export function shareRight(cells: Cells, of: 'candidate' | 'other', ofClass: number | null = null) {
  let rows = 0;
  let right = 0;
  for (const [index, count] of cells.counts.entries()) {
    const truth = cells.truth[index];
    if (ofClass !== null && truth !== ofClass) continue;
    rows += count;
    if (cells[of][index] === truth) right += count;
  }
  return rows === 0 ? 0 : right / rows;
}

/** Macro-averaged F1 of both models over the cells with other counts; classes without rows left out. */
export function createMacroF1(cells: Cells): (counts: Float64Array) => BothScores {
  const { truth, candidate, other, classes } = cells;
  const supports = new Float64Array(classes.length);
  const scoreOf = createScore(truth, supports);
  const [ownScore, otherScore] = [scoreOf(candidate), scoreOf(other)];
  return (counts) => {
    supports.fill(0);
    for (let cell = 0; cell < truth.length; cell++) {
      const right = truth[cell] ?? 0;
      supports[right] = (supports[right] ?? 0) + (counts[cell] ?? 0);
    }
    return { candidate: ownScore(counts), other: otherScore(counts) };
  };
}

function createScore(truth: Int32Array, supports: Float64Array) {
  return (answers: Int32Array) => {
    const hits = new Float64Array(supports.length);
    const guesses = new Float64Array(supports.length);
    return (counts: Float64Array): number => {
      hits.fill(0);
      guesses.fill(0);
      for (let cell = 0; cell < answers.length; cell++) {
        const answer = answers[cell] ?? -1;
        if (answer < 0) continue;
        const count = counts[cell] ?? 0;
        guesses[answer] = (guesses[answer] ?? 0) + count;
        if (answer === truth[cell]) hits[answer] = (hits[answer] ?? 0) + count;
      }
      let sum = 0;
      let present = 0;
      for (let k = 0; k < supports.length; k++) {
        const support = supports[k] ?? 0;
        if (support === 0) continue;
        present += 1;
        sum += (2 * (hits[k] ?? 0)) / (support + (guesses[k] ?? 0));
      }
      return present === 0 ? 0 : sum / present;
    };
  };
}

/** A score of both models. */
export interface BothScores {
  readonly candidate: number;
  readonly other: number;
}
