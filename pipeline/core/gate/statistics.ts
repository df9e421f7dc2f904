import { unsafeUniformIntDistribution } from 'pure-rand/distribution/UnsafeUniformIntDistribution';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import type { Difference } from './verdict.ts';

/** One-sided 95 % (two-sided 90 %) quantile of the standard normal distribution. */
const z95 = 1.6448536269514722;

/** Keeps a whole number that floating point puts a hair above itself from being rounded up. */
const roundingError = 1e-6;

/** Rows of a paired comparison: `candidateOnly` where only the candidate is right, and so on. */
export interface PairedCounts {
  readonly rows: number;
  readonly candidateOnly: number;
  readonly productionOnly: number;
}

/**
 * Difference of two accuracies on the same rows (candidate − production), with the two-sided 90 %
 * score interval of Tango (1998), "Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design", Statistics in Medicine 17:891–908. Its lower end is
 * the one-sided 95 % bound of a non-inferiority test.
 */
export function accuracyDifference(counts: PairedCounts): Difference {
  const { rows, candidateOnly, productionOnly } = counts;
  const estimate = (candidateOnly - productionOnly) / rows;
  return {
    estimate,
    lower: bisect(-1, estimate, (delta) => tangoScore(counts, delta) > z95),
    upper: bisect(estimate, 1, (delta) => tangoScore(counts, delta) > -z95),
  };
}

/** Tango's score statistic for the hypothesis that the true difference is `delta`. */
function tangoScore({ rows: n, candidateOnly: b, productionOnly: c }: PairedCounts, delta: number) {
  const quadratic = 2 * n;
  const linear = -b - c + (2 * n - b + c) * delta;
  const constant = -c * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
  const q = (root - linear) / (2 * quadratic);
  const variance = n * (2 * q + delta * (1 - delta));
  const observed = b - c - n * delta;
  return variance <= 0
    ? Math.sign(observed) * Number.POSITIVE_INFINITY || 0
    : observed / Math.sqrt(variance);
}

/** The point where `above` turns from true to false; 60 halvings reach double precision. */
function bisect(low: number, high: number, above: (x: number) => boolean): number {
  let [left, right] = [low, high];
  for (let i = 0; i < 60; i++) {
    const middle = (left + right) / 2;
    if (above(middle)) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}

/**
 * Exact one-sided McNemar test: the probability of at least this many rows that only production
 * gets right, if both models were equally good (McNemar 1947; the exact binomial form).
 */
export function mcNemarWorse({ candidateOnly, productionOnly }: PairedCounts): number {
  const n = candidateOnly + productionOnly;
  let logTerm = -n * Math.LN2;
  let tail = productionOnly <= 0 ? Math.exp(logTerm) : 0;
  for (let k = 1; k <= n; k++) {
    logTerm += Math.log(n - k + 1) - Math.log(k);
    if (k >= productionOnly) tail += Math.exp(logTerm);
  }
  return Math.min(1, tail);
}

/** Macro-averaged F1 of predictions, a class without any prediction or row counting 0. */
export function macroF1(truth: readonly string[], predicted: readonly string[]): number {
  const classes = indexClasses(truth);
  return macroF1OfCells(classes.size, (visit) => {
    for (const [i, label] of truth.entries()) {
      visit(classes.get(label) ?? -1, classes.get(predicted[i] ?? '') ?? -1);
    }
  });
}

/** Difference of two macro-F1 on the same rows with its 90 % interval. */
export function macroF1Difference(
  truth: readonly string[],
  candidate: readonly string[],
  production: readonly string[],
): Difference {
  return bootstrapDifference(macroF1OfCells, { truth, candidate, production });
}

const DRAWS = 2000;
const SEED = 20_260_101;

/**
 * Difference of a score on the same rows with its 90 % percentile interval from a paired bootstrap:
 * whole rows are drawn with replacement, so what the two models share stays shared (Efron &
 * Tibshirani 1993, ch. 13). Deterministic: the seed is fixed.
 */
function bootstrapDifference(
  score: CellScore,
  {
    truth,
    candidate,
    production,
  }: Readonly<Record<'truth' | 'candidate' | 'production', readonly string[]>>,
): Difference {
  const classes = indexClasses(truth);
  const rows = truth.map(
    (label, i): Cell => [
      classes.get(label) ?? -1,
      classes.get(candidate[i] ?? '') ?? -1,
      classes.get(production[i] ?? '') ?? -1,
    ],
  );
  const generator = xoroshiro128plus(SEED);
  const samples = Array.from({ length: DRAWS }, () => {
    const drawn = rows.map(
      (): Cell => rows[unsafeUniformIntDistribution(0, rows.length - 1, generator)] ?? nowhere,
    );
    return differenceOf(score, classes.size, drawn);
  }).sort((a, b) => a - b);
  const quantile = (share: number) => samples[Math.floor(share * (DRAWS - 1))] ?? 0;
  return {
    estimate: differenceOf(score, classes.size, rows),
    lower: quantile(0.05),
    upper: quantile(0.95),
  };
}

type Cell = readonly [truth: number, candidate: number, production: number];
const nowhere: Cell = [-1, -1, -1];

/** A score of the predictions that `each` visits; classes are numbered from 0. */
type CellScore = (
  classCount: number,
  each: (visit: (truth: number, predicted: number) => void) => void,
) => number;

function differenceOf(score: CellScore, classCount: number, rows: readonly Cell[]): number {
  const scoreOf = (column: 1 | 2) =>
    score(classCount, (visit) => {
      for (const row of rows) visit(row[0], row[column]);
    });
  return scoreOf(1) - scoreOf(2);
}

function indexClasses(truth: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(truth)].sort().map((label, index) => [label, index]));
}

/** A predicted class outside `classCount` (−1) is wrong and belongs to no averaged class. */
function macroF1OfCells(
  classCount: number,
  each: (visit: (truth: number, predicted: number) => void) => void,
): number {
  const hits = new Float64Array(classCount);
  const truths = new Float64Array(classCount);
  const guesses = new Float64Array(classCount);
  const bump = (counts: Float64Array, index: number) => {
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  };
  each((truth, predicted) => {
    bump(truths, truth);
    bump(guesses, predicted);
    if (truth === predicted) bump(hits, truth);
  });
  let sum = 0;
  let present = 0;
  for (let k = 0; k < classCount; k++) {
    const support = truths[k] ?? 0;
    if (support === 0) continue;
    present += 1;
    sum += (2 * (hits[k] ?? 0)) / (support + (guesses[k] ?? 0));
  }
  return present === 0 ? 0 : sum / present;
}

/**
 * Held-out rows for 80 % power to show non-inferiority of an equal model: 6.2 · d / m², with d the
 * share of rows on which exactly one model is right and m the margin ((z.95 + z.80)² ≈ 6.2; Liu et
 * al. 2002, Statistics in Medicine 21:231–245).
 */
export function rowsForPower(discordantShare: number, margin: number): number {
  return Math.ceil((6.2 * discordantShare) / (margin * margin) - roundingError);
}
