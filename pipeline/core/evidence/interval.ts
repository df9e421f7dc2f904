import type { Estimate } from '../gate/compare.ts';
import { shareInterval } from '../gate/statistics.ts';

/** A figure with its two-sided 95 % interval. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** One-sided error at each end of a 95 % interval. */
const EACH_END = 0.025;

export function intervalOf(estimate: Estimate): Interval {
  return {
    estimate: estimate.estimate,
    lower: estimate.lowerBound(EACH_END),
    upper: estimate.upperBound(EACH_END),
  };
}

/** A share of some rows, with its Wilson interval; null of no rows. */
export function shareOf(count: number, rows: number): Interval | null {
  if (rows === 0) return null;
  const share = count / rows;
  const { lower, upper } = shareInterval(share, rows, EACH_END);
  return { estimate: share, lower: Math.max(0, lower), upper: Math.min(1, upper) };
}

/**
 * F1 of a class. It is a function of the share of right rows among all that are of the class or were
 * taken for it, F1 = 2s ÷ (1 + s), so its interval follows from Wilson's for that share.
 */
export function f1Of(right: number, missed: number, wrongly: number): Interval | null {
  const share = shareOf(right, right + missed + wrongly);
  if (share === null) return null;
  const f1 = (s: number) => (2 * s) / (1 + s);
  return { estimate: f1(share.estimate), lower: f1(share.lower), upper: f1(share.upper) };
}
