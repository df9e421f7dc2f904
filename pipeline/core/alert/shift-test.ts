import type { InputReference } from '../python-contract.ts';
import { fisherAtLeast } from './error-rates.ts';

/** How far a histogram has moved, and the chance of that if nothing had changed. */
export interface Shift {
  /**
   * Share of the inputs, 0–1: of an ordered figure the largest difference of the distribution functions
   * (Kolmogorov–Smirnov), of a category half the sum of all differences (total variation).
   */
  readonly distance: number;
  /** Never too small: bins make the first test conservative, exact tests and Bonferroni the second. */
  readonly chance: number;
}

/** Compares two histograms of the same bins, each with at least one input. */
export function shiftOf(
  kind: InputReference['features'][number]['kind'],
  reference: readonly number[],
  now: readonly number[],
): Shift {
  if (kind === 'category') return categoryShift(reference, now);
  const isMissing = bin(reference, now, reference.length - 1);
  const values = orderedShift(reference.slice(0, -1), now.slice(0, -1));
  return {
    distance: Math.max(values.distance, isMissing.distance),
    chance: Math.min(1, 2 * Math.min(values.chance, isMissing.chance)),
  };
}

function orderedShift(reference: readonly number[], now: readonly number[]): Shift {
  const [before, after] = [sum(reference), sum(now)];
  if (before === 0 || after === 0) return { distance: 0, chance: 1 };
  let [left, right, distance] = [0, 0, 0];
  for (const [index, count] of reference.entries()) {
    left += count / before;
    right += (now[index] ?? 0) / after;
    distance = Math.max(distance, Math.abs(left - right));
  }
  return { distance, chance: kolmogorovTail(distance, (before * after) / (before + after)) };
}

/**
 * The chance of so large a distance: the limit of Kolmogorov (1933), with the correction of Stephens
 * (1970), "Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive
 * tables", Journal of the Royal Statistical Society B 32:115–122.
 */
function kolmogorovTail(distance: number, size: number): number {
  const root = Math.sqrt(size);
  const x = (root + 0.12 + 0.11 / root) * distance;
  let tail = 0;
  for (let k = 1; k <= 100; k++) tail += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * x * x);
  // The series converges slowly towards 1 where nothing is far.
  return x < 0.3 ? 1 : Math.min(1, Math.max(0, tail));
}

/** One exact test for each value, against all others. */
function categoryShift(reference: readonly number[], now: readonly number[]): Shift {
  const values = [...reference.keys()]
    .filter((index) => (reference[index] ?? 0) + (now[index] ?? 0) > 0)
    .map((index) => bin(reference, now, index));
  const least = Math.min(1, ...values.map(({ chance }) => chance));
  // Of two values, one says what the other says.
  const tests = values.length <= 2 ? 1 : values.length;
  return {
    distance: values.reduce((total, { distance }) => total + distance / 2, 0),
    chance: Math.min(1, least * tests),
  };
}

/** Whether one bin has another share: Fisher's exact test, two-sided by doubling. */
function bin(reference: readonly number[], now: readonly number[], index: number): Shift {
  const before = { requests: sum(reference), errors: reference[index] ?? 0 };
  const after = { requests: sum(now), errors: now[index] ?? 0 };
  if (before.requests === 0 || after.requests === 0) return { distance: 0, chance: 1 };
  const one = Math.min(fisherAtLeast(after, before), fisherAtLeast(before, after));
  return {
    distance: Math.abs(after.errors / after.requests - before.errors / before.requests),
    chance: Math.min(1, 2 * one),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);
