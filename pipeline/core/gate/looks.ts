import { criticalValue, normalShareBelow } from './normal.ts';

/**
 * What all looks together may spend, so that rows pass a candidate that is worse by the margin in at
 * most 5 % of histories: a fifth is kept back for what the bootstrap's bounds miss on rare classes.
 */
const BUDGET = 0.04;

/** One-sided error at which a loss is called proven, or the 90 % interval that people are shown. */
export const PROOF = 0.05;

/**
 * Chance that one look calls two equal models a regression. Spent anew by each look: it costs a
 * retrain, never a bad deployment.
 */
export const FALSE_FAIL = 0.005;

/**
 * The share of {@link BUDGET} that look number `look` may spend, from 1: 6 / (π² k²), which adds
 * up to 1 over any number of looks, so the union bound holds for every history. An alpha-spending
 * rule as in Foster & Stine (2008), "α-investing", Journal of the Royal Statistical Society B
 * 70:429–444, section 2. Mechanisms that answer with noise (Thresholdout) need more rows than a
 * held-out set of this product has.
 */
export function alphaOfLook(look: number): number {
  return (BUDGET * 6) / (Math.PI * look) ** 2;
}

/** What a gate demands, in shares of the metric. */
export interface Demands {
  readonly nonInferiorityMargin: number;
  readonly tolerance: number;
}

/** Chance that a candidate as good as production passes, by the error of the difference. */
export function chanceToPass(
  { nonInferiorityMargin, tolerance }: Demands,
  standardError: number,
  alpha: number,
): number {
  const least = Math.max(criticalValue(alpha) * standardError - nonInferiorityMargin, -tolerance);
  return standardError === 0 ? 1 : normalShareBelow(-least / standardError);
}

/** Chance that a candidate that is worse by the margin fails. */
export function chanceToNotice(
  { nonInferiorityMargin: margin }: Pick<Demands, 'nonInferiorityMargin'>,
  standardError: number,
): number {
  if (standardError === 0) return 1;
  const harm = -criticalValue(FALSE_FAIL) * standardError;
  const notProven = criticalValue(PROOF) * standardError - margin;
  return normalShareBelow((Math.min(harm, notProven) + margin) / standardError);
}

/** Held-out rows are called settling when an equal candidate passes with this chance. */
const POWER = 0.8;

/**
 * Held-out rows on which a candidate as good as production passes in 80 % of cases; null when no
 * number is enough. `standardError` is of the difference on `rows` rows, and falls with their root.
 */
export function rowsForPower(
  { nonInferiorityMargin, tolerance }: Demands,
  { standardError, rows, alpha }: { standardError: number; rows: number; alpha: number },
): number | null {
  const powerful = criticalValue(1 - POWER);
  const widest = Math.min(
    nonInferiorityMargin / (criticalValue(alpha) + powerful),
    tolerance / powerful,
  );
  if (!(widest > 0)) return null;
  return Math.ceil(rows * (standardError / widest) ** 2 - ROUNDING);
}

/** Keeps a whole number that floating point puts a hair above itself from being rounded up. */
const ROUNDING = 1e-6;
