import type { GatePolicy } from '../config.ts';
import { type Draws, drawScores, quantile, standardDeviation } from './bootstrap.ts';
import { type Cells, createMacroF1, pairedCounts, shareRight } from './cells.ts';
import { criticalValue } from './normal.ts';
import { accuracyDifference, shareInterval } from './statistics.ts';
import type { Difference } from './verdict.ts';

/** A figure with one-sided bounds at any level: with confidence 1 − alpha it is above, or below. */
export interface Estimate {
  readonly estimate: number;
  lowerBound(alpha: number): number;
  upperBound(alpha: number): number;
}

/** What the gate knows of two models on the same rows. */
export interface Comparison {
  /** Of the policy's metric, candidate minus the other. */
  readonly difference: Estimate & { readonly standardError: number };
  readonly accuracy: Estimate;
  /** The candidate's own score. */
  readonly score: Estimate;
  readonly otherScore: Estimate;
}

/** Compares by the metric; yields between chunks of work. */
export function* compare(metric: GatePolicy['metric'], cells: Cells): Generator<void, Comparison> {
  const accuracy = accuracyEstimate(cells);
  const rightly = shareEstimate(shareRight(cells, 'candidate'), cells.rows);
  const otherRightly = shareEstimate(shareRight(cells, 'other'), cells.rows);
  if (metric === 'accuracy') {
    return { difference: accuracy, accuracy, score: rightly, otherScore: otherRightly };
  }
  const scoresOf = createMacroF1(cells);
  const observed = scoresOf(cells.counts);
  const draws = yield* drawScores(cells, scoresOf);
  return {
    difference: {
      ...drawnEstimate(observed.candidate - observed.other, draws.differences),
      standardError: standardDeviation(draws.differences),
    },
    accuracy,
    score: atLeastAsWide(drawnEstimate(observed.candidate, draws.scores), rightly),
    otherScore: atLeastAsWide(drawnEstimate(observed.other, draws.others), otherRightly),
  };
}

function accuracyEstimate(cells: Cells): Comparison['difference'] {
  const counts = pairedCounts(cells);
  const { estimate } = accuracyDifference(counts);
  const discordant = (counts.candidateOnly + counts.productionOnly) / counts.rows;
  return {
    estimate,
    lowerBound: (alpha) => accuracyDifference(counts, alpha).lower,
    upperBound: (alpha) => accuracyDifference(counts, alpha).upper,
    standardError: Math.sqrt(Math.max(0, discordant - estimate ** 2) / counts.rows),
  };
}

function shareEstimate(share: number, rows: number): Estimate {
  return {
    estimate: share,
    lowerBound: (alpha) => shareInterval(share, rows, alpha).lower,
    upperBound: (alpha) => shareInterval(share, rows, alpha).upper,
  };
}

/** The draws are too few for smaller shares than this; beyond, their distance grows as the normal's. */
const SMALLEST_PERCENTILE = 0.05;

/** Percentile bounds of a bootstrap. */
function drawnEstimate(estimate: number, sorted: Draws['scores']): Estimate {
  const bound = (share: number, alpha: number) => {
    const end = quantile(sorted, share);
    return alpha >= SMALLEST_PERCENTILE
      ? end
      : estimate + ((end - estimate) * criticalValue(alpha)) / criticalValue(SMALLEST_PERCENTILE);
  };
  return {
    estimate,
    lowerBound: (alpha) => bound(Math.max(alpha, SMALLEST_PERCENTILE), alpha),
    upperBound: (alpha) => bound(1 - Math.max(alpha, SMALLEST_PERCENTILE), alpha),
  };
}

/** Few rows that are all right leave a bootstrap no spread; a share has one. */
function atLeastAsWide(drawn: Estimate, share: Estimate): Estimate {
  return {
    estimate: drawn.estimate,
    lowerBound: (alpha) =>
      Math.min(drawn.lowerBound(alpha), drawn.estimate - share.estimate + share.lowerBound(alpha)),
    upperBound: (alpha) =>
      Math.max(drawn.upperBound(alpha), drawn.estimate - share.estimate + share.upperBound(alpha)),
  };
}

/** The interval that people are shown: 90 %, so that its ends are the bounds at 5 %. */
export function shownInterval(estimate: Estimate): Difference {
  return {
    estimate: estimate.estimate,
    lower: estimate.lowerBound(0.05),
    upper: estimate.upperBound(0.05),
  };
}
