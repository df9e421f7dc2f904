import { normalShareBelow } from '../gate/normal.ts';
import { type Errors, logChoose } from './error-rates.ts';

/** Rows of one true class, or of another group, in two samples. */
export interface Stratum {
  readonly now: Errors;
  readonly before: Errors;
}

/** With more errors than this the normal distribution is as good, and does not take seconds. */
const MOST_EXACT = 4000;

/**
 * The probability of at least so many errors in the rows of now, if within each stratum errors fell on
 * rows by chance: the exact conditional test of several 2 × 2 tables, one-sided (Mehta, Patel & Gray
 * 1985, "Computing an exact confidence interval for the common odds ratio in several 2 × 2 contingency
 * tables", JASA 80:969–973); with many errors the test of Mantel & Haenszel (1959), with continuity
 * correction. Other shares of the classes alone are no error.
 */
export function moreErrorsByChance(strata: readonly Stratum[]): number {
  const observed = strata.reduce((sum, { now }) => sum + now.errors, 0);
  const all = strata.reduce((sum, { before }) => sum + before.errors, observed);
  return all > MOST_EXACT
    ? normalTail(strata, observed)
    : exactTail(strata.map(hypergeometric), observed);
}

function exactTail(distributions: readonly Float64Array[], observed: number): number {
  const sum = distributions.reduce(convolve, Float64Array.of(1));
  return Math.min(
    1,
    sum.subarray(observed).reduce((total, chance) => total + chance, 0),
  );
}

/** The chance of each number of errors among the rows of now. */
function hypergeometric({ now, before }: Stratum): Float64Array {
  const errors = now.errors + before.errors;
  const all = logChoose(now.requests + before.requests, errors);
  return Float64Array.from({ length: Math.min(errors, now.requests) + 1 }, (_, k) =>
    errors - k > before.requests
      ? 0
      : Math.exp(logChoose(now.requests, k) + logChoose(before.requests, errors - k) - all),
  );
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length + b.length - 1);
  for (const [i, x] of a.entries()) {
    for (const [j, y] of b.entries()) sum[i + j] = (sum[i + j] ?? 0) + x * y;
  }
  return sum;
}

function normalTail(strata: readonly Stratum[], observed: number): number {
  let [expected, variance] = [0, 0];
  for (const { now, before } of strata) {
    const rows = now.requests + before.requests;
    const errors = now.errors + before.errors;
    if (rows < 2) continue;
    const share = now.requests / rows;
    expected += share * errors;
    variance += (share * (1 - share) * errors * (rows - errors)) / (rows - 1);
  }
  if (variance === 0) return 1;
  return 1 - normalShareBelow((observed - 0.5 - expected) / Math.sqrt(variance));
}
