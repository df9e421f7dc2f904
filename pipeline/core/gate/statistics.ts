import { criticalValue } from './normal.ts';
import type { Difference } from './verdict.ts';

/** Rows of a paired comparison: `candidateOnly` where only the candidate is right, and so on. */
export interface PairedCounts {
  readonly rows: number;
  readonly candidateOnly: number;
  readonly productionOnly: number;
}

/**
 * Difference of two accuracies on the same rows (candidate − production), with the two-sided score
 * interval of Tango (1998), "Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design", Statistics in Medicine 17:891–908. Its lower end is
 * the bound of a non-inferiority test at `alpha`, one-sided; 5 % makes it the 90 % interval.
 */
export function accuracyDifference(counts: PairedCounts, alpha = 0.05): Difference {
  const { rows, candidateOnly, productionOnly } = counts;
  const estimate = (candidateOnly - productionOnly) / rows;
  const z = criticalValue(alpha);
  return {
    estimate,
    lower: bisect(-1, estimate, (delta) => tangoScore(counts, delta) > z),
    upper: bisect(estimate, 1, (delta) => tangoScore(counts, delta) > -z),
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
export function mcNemarWorse({
  candidateOnly,
  productionOnly,
}: Omit<PairedCounts, 'rows'>): number {
  const n = candidateOnly + productionOnly;
  let logTerm = -n * Math.LN2;
  let tail = productionOnly <= 0 ? Math.exp(logTerm) : 0;
  for (let k = 1; k <= n; k++) {
    logTerm += Math.log(n - k + 1) - Math.log(k);
    if (k >= productionOnly) tail += Math.exp(logTerm);
  }
  return Math.min(1, tail);
}

/**
 * Interval of a share, one-sided `alpha` at each end: Wilson (1927), "Probable inference, the law of
 * succession, and statistical inference", JASA 22:209–212.
 */
export function shareInterval(
  share: number,
  rows: number,
  alpha: number,
): { readonly lower: number; readonly upper: number } {
  const z = criticalValue(alpha);
  const centre = share + (z * z) / (2 * rows);
  const half = z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  const scale = 1 + (z * z) / rows;
  return { lower: (centre - half) / scale, upper: (centre + half) / scale };
}

/**
 * Which of several tests hold at a family-wise error of `alpha`: Holm (1979), "A simple sequentially
 * rejective multiple test procedure", Scandinavian Journal of Statistics 6:65–70.
 */
export function rejectedByHolm(pValues: readonly number[], alpha: number): readonly boolean[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const kept = order.findIndex(({ p }, rank) => p > alpha / (order.length - rank));
  const rejected = new Set((kept < 0 ? order : order.slice(0, kept)).map(({ index }) => index));
  return pValues.map((_, index) => rejected.has(index));
}
