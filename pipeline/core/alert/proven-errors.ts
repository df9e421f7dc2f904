import { binomialAtLeast, type Errors } from './error-rates.ts';

/**
 * The chance that a deployment is undone by chance in its bake window, however long that is and however
 * often it is looked at, if its true share of errors is no larger than the limit or than before. At
 * 1 % the same rise would take about 15 % more requests to prove.
 */
export const FALSE_ROLLBACK = 0.02;

/**
 * A p / e up to this is proof. For an independent p-value and e-process, the chance that p / e ever
 * falls to a is at most E[min(1, a / p)] = a (1 + ln 1/a), which is 0.0199 here: by Ville's inequality,
 * given p. Ignatiadis, Wang & Ramdas (2024), "E-values as unnormalized weights in multiple testing",
 * Biometrika 111:417–439, divide p-values by e-values.
 */
const SMALLEST_RATIO = 0.0029;

/** Between the shares at which a ratio is bounded; finer changes no verdict. */
const STEPS = 120;

/**
 * Whether the errors of a deployment prove that its share of errors is above the limit, and, where it
 * is known what was before, above that. `limit` is a share; `before` null when nothing was live. It
 * reads counts since the deployment only, so it keeps nothing between looks, and they may be any number.
 */
export function areErrorsProven(now: Errors, limit: number, before: Errors | null): boolean {
  if (now.errors <= now.requests * limit) return false;
  const enough = 1 / FALSE_ROLLBACK;
  if (limit > 0 && evidenceAbove(now, limit, enough) < enough) return false;
  return before === null || before.requests === 0 || isAbove(now, before, limit);
}

/**
 * How much more likely the errors are if the share is above `limit` than if it is not: the ratio of
 * likelihoods, averaged over the shares p above the limit with a density in proportion to p⁻². For a
 * share of at most `limit` it is a supermartingale from 1 on, whose chance of ever reaching 1 / α is at
 * most α: Ville (1939); the method of mixtures, Robbins (1970), "Statistical methods related to the law
 * of the iterated logarithm", Annals of Mathematical Statistics 41:1397–1409; Howard, Ramdas, McAuliffe
 * & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of
 * Statistics 49:1055–1080. Integrated by parts, the average is this finite sum; it falls in `limit`.
 * Fewer than two errors are no evidence. Beyond `enough` it stops counting.
 */
export function evidenceAbove(
  { requests, errors }: Errors,
  limit: number,
  enough = Number.POSITIVE_INFINITY,
): number {
  const odds = (1 - limit) / limit;
  const scale = (requests - errors + 1) * limit;
  let [term, sum] = [1, 0];
  for (let k = errors - 2; k >= 0 && term > sum * Number.EPSILON; k--) {
    sum += term;
    if (sum >= enough * scale) break;
    term *= (k / (requests - k)) * odds;
  }
  return sum / scale;
}

/**
 * Whether the share of errors is above that of before, which has its own chance error: for each share
 * q that it may have been, the evidence of now against q is weighed by how well q fits what was before.
 * Shares up to the limit are ruled out already. Both fall in q, so a step is bounded by its ends.
 */
function isAbove(now: Errors, before: Errors, limit: number): boolean {
  const lowest = Math.max(limit, Number.EPSILON);
  const shareAt = (step: number) => lowest ** (1 - step / STEPS);
  for (let step = 0; step < STEPS; step++) {
    const enough = atMost(before, shareAt(step)) / SMALLEST_RATIO;
    if (evidenceAbove(now, shareAt(step + 1), enough) < enough) return false;
  }
  return true;
}

/** The probability of at most so many errors if each request fails with this probability. */
function atMost({ requests, errors }: Errors, probability: number): number {
  return binomialAtLeast({ requests, errors: requests - errors }, 1 - probability);
}
