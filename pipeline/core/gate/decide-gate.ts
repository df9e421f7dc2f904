import type { GatePolicy } from '../config.ts';
import { type Cells, countCells, pairedCounts } from './cells.ts';
import { compareWithAnchor } from './check-anchor.ts';
import { checkGroups } from './check-groups.ts';
import { incomparable } from './comparability.ts';
import { type Comparison, compare, type Estimate, shownInterval } from './compare.ts';
import type { GateCase } from './gate-case.ts';
import {
  capitalised,
  confidence,
  figure,
  points,
  rows,
  signedPoints,
  titles,
} from './gate-words.ts';
import { alphaOfLook, chanceToPass, FALSE_FAIL, PROOF, rowsForPower } from './looks.ts';
import type { Predictions } from './predictions.ts';
import { checkUnseen, leftOutOf, withoutSeen } from './seen-rows.ts';
import { sliceRows } from './slices.ts';
import type { Check, Verdict, VerdictOutcome } from './verdict.ts';

/**
 * Whether the candidate may go on. "Pass" needs proof that it is not worse than the margin, "fail"
 * needs evidence that it is worse, "not comparable" says that the rows cannot tell, and everything
 * else is "inconclusive" and left to people. The proof gets stricter with every look at the rows.
 */
export function decideGate(gateCase: GateCase): Verdict {
  const deciding = judge(gateCase);
  for (;;) {
    const next = deciding.next();
    if (next.done === true) return next.value;
  }
}

/** {@link decideGate} in pieces of a few milliseconds: it yields between them. */
export function* judge(gateCase: GateCase): Generator<void, Verdict> {
  const { policy, predictions, production, look } = gateCase;
  const alpha = alphaOfLook(look);
  const compared = withoutSeen(predictions, gateCase.seen?.production);
  const isWhole = compared === predictions;
  const obstacle = production === null ? null : obstacleOf(gateCase, compared);
  const leftOut =
    production === null || isWhole ? {} : { leftOut: leftOutOf(predictions, compared) };
  const other = obstacle === null ? compared.production : null;
  const cells = cellsOf(other === null ? predictions : compared, other);
  const comparison = yield* compare(policy.metric, cells);
  // The candidate was trained on none of the rows.
  const { score } =
    other === null || isWhole
      ? comparison
      : yield* compare(policy.metric, cellsOf(predictions, null));
  const minimum = checkMinimum(policy, score, alpha);
  const unseen = production === null ? [] : checkUnseen(gateCase, compared);
  const baseline = yield* compareWithBaseline(gateCase);
  if (production === null || obstacle !== null) {
    const checks = obstacle === null ? [minimum] : [obstacle, ...unseen, minimum];
    return withMode(policy, {
      outcome: outcomeOf(checks),
      checks,
      ...leftOut,
      difference: null,
      discordant: null,
      rowsNeeded: null,
      look: { number: look, alpha, nextChance: null, freshChance: null },
      ...baseline,
    });
  }
  const anchor = yield* compareWithAnchor(gateCase, alpha);
  const sliced = yield* sliceRows(policy, compared);
  const regression = checkRegression(policy, comparison, cells);
  const checks = [
    ...unseen,
    minimum,
    regression,
    checkNonInferiority(policy, comparison, cells, alpha),
    checkTolerance(policy, comparison),
    ...checkGroups(policy, cells, sliced),
    ...(anchor === null ? [] : [anchor.check]),
  ];
  const outcome = outcomeOf(checks);
  const { standardError } = comparison.difference;
  const needed = rowsForPower(policy, { standardError, rows: cells.rows, alpha });
  const { candidateOnly, productionOnly } = pairedCounts(cells);
  return withMode(policy, {
    outcome,
    checks,
    ...leftOut,
    difference: { ...shownInterval(comparison.difference), standardError },
    discordant: { candidateOnly, productionOnly },
    rowsNeeded:
      outcome === 'inconclusive' && needed !== null && needed > cells.rows ? needed : null,
    look: {
      number: look,
      alpha,
      nextChance: chanceToPass(policy, standardError, alphaOfLook(look + 1)),
      freshChance: chanceToPass(policy, standardError, alphaOfLook(1)),
    },
    ...(anchor === null ? {} : { anchor: anchor.facts }),
    ...baseline,
  });
}

function withMode({ mode }: GatePolicy, verdict: Verdict): Verdict {
  return mode === 'advisory' ? { ...verdict, isAdvisory: true } : verdict;
}

function outcomeOf(checks: readonly Check[]): VerdictOutcome {
  const has = (outcome: VerdictOutcome) => checks.some((check) => check.outcome === outcome);
  if (has('fail')) return 'fail';
  if (has('not_comparable')) return 'not_comparable';
  return has('inconclusive') ? 'inconclusive' : 'pass';
}

function obstacleOf(
  { policy, unanswered, predictions, vocabularies }: GateCase,
  compared: Predictions,
): Check | null {
  return incomparable(compared, {
    vocabularies,
    minimumRows: policy.minimumRows,
    unanswered: unanswered.production ?? null,
    seen: predictions.id.length - compared.id.length,
  });
}

function cellsOf({ label, candidate }: Predictions, other: readonly string[] | null): Cells {
  return countCells(label, candidate, other ?? candidate);
}

/** The score is proven to reach the minimum, proven not to, or neither. */
function checkMinimum(policy: GatePolicy, score: Estimate, alpha: number): Check {
  const title = `${capitalised(titles[policy.metric])} ${figure(score.estimate)}`;
  const minimum = `the minimum of ${figure(policy.minimum)}`;
  const [lower, upper] = [score.lowerBound(alpha), score.upperBound(FALSE_FAIL)];
  if (lower >= policy.minimum) {
    return {
      name: 'minimum',
      outcome: 'pass',
      reason: `${title} is at least ${minimum} (with ${confidence(alpha)} confidence above ${figure(lower)}).`,
    };
  }
  if (upper < policy.minimum) {
    return {
      name: 'minimum',
      outcome: 'fail',
      reason: `${title} is below ${minimum} (with ${confidence(FALSE_FAIL)} confidence below ${figure(upper)}).`,
    };
  }
  return {
    name: 'minimum',
    outcome: 'inconclusive',
    reason: `${title} may be above or below ${minimum}: the interval is ${figure(lower)} to ${figure(upper)}.`,
  };
}

/** Evidence of harm: the whole interval is below zero, and does not end inside the margin. */
function checkRegression(
  policy: GatePolicy,
  { difference, accuracy }: Comparison,
  cells: Cells,
): Check {
  const margin = policy.nonInferiorityMargin;
  const { candidateOnly, productionOnly } = pairedCounts(cells);
  const upper = difference.upperBound(FALSE_FAIL);
  const isHarmful = upper < 0;
  const isInside = Math.min(difference.lowerBound(PROOF), accuracy.lowerBound(PROOF)) >= -margin;
  if (isHarmful && !isInside) {
    return {
      name: 'regression',
      outcome: 'fail',
      reason: `${capitalised(titles[policy.metric])} is ${points(-difference.estimate)} lower than in production; with ${confidence(FALSE_FAIL)} confidence at least ${points(-upper)} (margin ${points(margin)}).`,
    };
  }
  const won = `only the candidate is right on ${rows(candidateOnly)}, only production on ${rows(productionOnly)}`;
  return {
    name: 'regression',
    outcome: 'pass',
    reason: isHarmful
      ? `The candidate is worse, but by less than the margin of ${points(margin)}: ${won}.`
      : `No evidence of harm: ${won}.`,
  };
}

/** Proof of no harm: the lower bound of the metric and of accuracy stay within the margin. */
function checkNonInferiority(
  policy: GatePolicy,
  { difference, accuracy }: Comparison,
  cells: Cells,
  alpha: number,
): Check {
  const margin = points(policy.nonInferiorityMargin);
  const lower = Math.min(difference.lowerBound(alpha), accuracy.lowerBound(alpha));
  const passes = lower >= -policy.nonInferiorityMargin;
  return {
    name: 'non_inferiority',
    outcome: passes ? 'pass' : 'inconclusive',
    reason: passes
      ? `With ${confidence(alpha)} confidence, the candidate loses less than ${margin} (bound ${signedPoints(lower)}).`
      : `${rows(cells.rows, 'held-out row')} cannot rule out a loss of ${points(-lower)} with ${confidence(alpha)} confidence; the margin is ${margin}.`,
  };
}

function checkTolerance(policy: GatePolicy, { difference }: Comparison): Check {
  const { estimate, lower, upper } = shownInterval(difference);
  return {
    name: 'difference',
    outcome: estimate >= -policy.tolerance ? 'pass' : 'inconclusive',
    reason: `${capitalised(titles[policy.metric])} differs by ${signedPoints(estimate)} from production (90 % interval ${signedPoints(lower)} to ${signedPoints(upper)}).`,
  };
}

/** Whether training was worth its time is people's to judge: it decides nothing. */
function* compareWithBaseline({
  policy,
  predictions: { label, candidate, baseline },
}: GateCase): Generator<void, Pick<Verdict, 'baseline'>> {
  if (baseline == null) return {};
  const { difference } = yield* compare(policy.metric, countCells(label, candidate, baseline));
  return { baseline: shownInterval(difference) };
}
