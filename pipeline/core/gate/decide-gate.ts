import type { GatePolicy } from '../config.ts';
import { MlopsError } from '../errors.ts';
import type { Evaluation } from '../python-contract.ts';
import type { Predictions } from './predictions.ts';
import {
  accuracyDifference,
  macroF1Difference,
  mcNemarWorse,
  type PairedCounts,
  rowsForPower,
} from './statistics.ts';
import type { Check, Difference, Verdict, VerdictOutcome } from './verdict.ts';

type Labels = readonly string[];

/** Of each metric a gate may compare: its name, and the paired difference candidate − production. */
const metrics: Readonly<
  Record<
    GatePolicy['metric'],
    {
      readonly title: string;
      readonly difference: (truth: Labels, candidate: Labels, production: Labels) => Difference;
    }
  >
> = {
  macro_f1: { title: 'macro-F1', difference: macroF1Difference },
  accuracy: {
    title: 'accuracy',
    difference: (...predictions) => accuracyDifference(pairedCounts(...predictions)),
  },
};

/**
 * Whether the candidate may go on, from the evaluation and the paired predictions. Three ways:
 * "pass" needs proof that it is not worse than the margin, "fail" needs evidence that it is bad,
 * everything between is "inconclusive" and left to people. Without a production model only the
 * minimum counts.
 *
 * @throws {MlopsError} `CONTRACT_BROKEN` when the evaluation lacks the metric the policy names.
 */
export function decideGate(
  policy: GatePolicy,
  evaluation: Evaluation,
  predictions: Predictions,
): Verdict {
  const minimum = checkMinimum(policy, evaluation);
  if (predictions.production === null || evaluation.production === null) {
    return verdictOf([minimum], null, null, null);
  }
  const { label, candidate, production } = predictions;
  const counts = pairedCounts(label, candidate, production);
  const difference = metrics[policy.metric].difference(label, candidate, production);
  const regression = checkRegression(policy, difference, counts);
  const checks = [
    minimum,
    regression,
    // What is proven to be worse needs no proof of how much worse it might be.
    ...(regression.outcome === 'fail'
      ? []
      : [
          checkNonInferiority(policy, difference, counts),
          checkTolerance(policy, difference),
          ...checkClasses(policy, evaluation),
        ]),
  ];
  const discordantShare = (counts.candidateOnly + counts.productionOnly) / counts.rows;
  return verdictOf(
    checks,
    difference,
    counts,
    rowsForPower(discordantShare, policy.nonInferiorityMargin),
  );
}

function verdictOf(
  checks: readonly Check[],
  difference: Difference | null,
  counts: PairedCounts | null,
  rowsNeeded: number | null,
): Verdict {
  const has = (outcome: VerdictOutcome) => checks.some((check) => check.outcome === outcome);
  const outcome = has('fail') ? 'fail' : has('inconclusive') ? 'inconclusive' : 'pass';
  const short = rowsNeeded !== null && counts !== null && rowsNeeded > counts.rows;
  return {
    outcome,
    checks,
    difference,
    discordant: counts && {
      candidateOnly: counts.candidateOnly,
      productionOnly: counts.productionOnly,
    },
    rowsNeeded: outcome === 'inconclusive' && short ? rowsNeeded : null,
  };
}

function checkMinimum(policy: GatePolicy, evaluation: Evaluation): Check {
  const score = evaluation.candidate.metrics[policy.metric];
  if (score === undefined) {
    throw new MlopsError('CONTRACT_BROKEN', `evaluation.json has no metric “${policy.metric}”.`);
  }
  const passes = score >= policy.minimum;
  const title = capitalised(metrics[policy.metric].title);
  return {
    name: 'minimum',
    outcome: passes ? 'pass' : 'fail',
    reason: `${title} ${figure(score)} is ${passes ? 'at least' : 'below'} the minimum of ${figure(policy.minimum)}.`,
  };
}

/** Evidence of harm: a loss beyond the margin, or significantly more rows lost than won. */
function checkRegression(policy: GatePolicy, difference: Difference, counts: PairedCounts): Check {
  const p = mcNemarWorse(counts);
  const title = metrics[policy.metric].title;
  if (difference.estimate < -policy.nonInferiorityMargin) {
    return {
      name: 'regression',
      outcome: 'fail',
      reason: `${capitalised(title)} is ${points(-difference.estimate)} lower than in production; the margin is ${points(policy.nonInferiorityMargin)}.`,
    };
  }
  if (p < 0.05) {
    return {
      name: 'regression',
      outcome: 'fail',
      reason: `Only production is right on ${rows(counts.productionOnly)}, only the candidate on ${rows(counts.candidateOnly)}: significantly worse (McNemar p = ${p.toPrecision(2)}).`,
    };
  }
  return {
    name: 'regression',
    outcome: 'pass',
    reason: `No evidence of harm: only the candidate is right on ${rows(counts.candidateOnly)}, only production on ${rows(counts.productionOnly)}.`,
  };
}

/** Proof of no harm: the lower bound of the metric and of accuracy stay within the margin. */
function checkNonInferiority(
  policy: GatePolicy,
  difference: Difference,
  counts: PairedCounts,
): Check {
  const lower = Math.min(difference.lower, accuracyDifference(counts).lower);
  const passes = lower >= -policy.nonInferiorityMargin;
  return {
    name: 'non_inferiority',
    outcome: passes ? 'pass' : 'inconclusive',
    reason: passes
      ? `With 95 % confidence, the candidate loses less than ${points(policy.nonInferiorityMargin)} (bound ${signedPoints(lower)}).`
      : `${rows(counts.rows, 'held-out row')} cannot rule out a loss of ${points(-lower)}; the margin is ${points(policy.nonInferiorityMargin)}.`,
  };
}

function checkTolerance(policy: GatePolicy, difference: Difference): Check {
  const passes = difference.estimate >= -policy.tolerance;
  const title = capitalised(metrics[policy.metric].title);
  return {
    name: 'difference',
    outcome: passes ? 'pass' : 'inconclusive',
    reason: `${title} differs by ${signedPoints(difference.estimate)} from production (90 % interval ${signedPoints(difference.lower)} to ${signedPoints(difference.upper)}).`,
  };
}

/** Catches one class that got much worse behind a good average. */
function checkClasses(policy: GatePolicy, evaluation: Evaluation): readonly Check[] {
  return Object.entries(evaluation.candidate.perClass).flatMap(([label, candidate]) => {
    const production = evaluation.production?.perClass[label];
    if (production === undefined || candidate.support < policy.perClassRows) return [];
    const drop = production.recall - candidate.recall;
    if (drop <= policy.maxRecallDrop) return [];
    return [
      {
        name: 'per_class' as const,
        outcome: 'inconclusive' as const,
        reason: `Recall of “${label}” drops by ${points(drop)} (${figure(production.recall)} → ${figure(candidate.recall)}).`,
      },
    ];
  });
}

function pairedCounts(
  truth: readonly string[],
  candidate: readonly string[],
  production: readonly string[],
): PairedCounts {
  let candidateOnly = 0;
  let productionOnly = 0;
  for (const [i, label] of truth.entries()) {
    const candidateRight = candidate[i] === label;
    const productionRight = production[i] === label;
    if (candidateRight && !productionRight) candidateOnly += 1;
    if (productionRight && !candidateRight) productionOnly += 1;
  }
  return { rows: truth.length, candidateOnly, productionOnly };
}

const rows = (count: number, noun = 'row') =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
const figure = (value: number) => value.toFixed(3);
const points = (share: number) => `${(share * 100).toFixed(1)} points`;
const signedPoints = (share: number) => `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`;
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
