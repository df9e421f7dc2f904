import type { GatePolicy } from '../config.ts';
import { type Cells, countCells } from '../gate/cells.ts';
import { compare, type Estimate } from '../gate/compare.ts';
import type { AnswerScores, Predictions } from '../gate/predictions.ts';
import { withoutSeen } from '../gate/seen-rows.ts';
import { sliceRows } from '../gate/slices.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { type ClassScores, type Confusion, classScores, confusionOf } from './confusion.ts';
import { type ChosenRow, chooseRows, type Flips, flipsOf } from './flips.ts';
import { type Interval, intervalOf, shareOf } from './interval.ts';

/** How one model does on the rows. Intervals are two-sided, 95 %. */
export interface ModelEvidence {
  /** Wilson interval. */
  readonly accuracy: Interval;
  /** Interval of the gate's bootstrap: 2,000 draws of whole rows. */
  readonly macroF1: Interval;
  /** In the order of {@link Evidence.classes}; Wilson intervals. */
  readonly perClass: readonly ClassScores[];
  readonly confusion: Confusion;
  /** Null where the scores are not stored. */
  readonly calibration: Calibration | null;
}

/** What people see before they decide: both models on the rows on which the gate compares them. */
export interface Evidence {
  readonly rows: number;
  /** Held-out rows that are left out, because production was trained on them. */
  readonly leftOut: number;
  /** Those of the rows, sorted. */
  readonly classes: readonly string[];
  readonly candidate: ModelEvidence;
  /** Null when production did not answer, or was trained on all rows. */
  readonly production: ModelEvidence | null;
  /** Macro-F1, candidate − production. */
  readonly difference: Interval | null;
  readonly flips: Flips | null;
  readonly chosen: readonly ChosenRow[];
  /** By the columns of `gate.slices`, as the gate cuts them; those that lost most first. */
  readonly slices: readonly SliceEvidence[];
}

/** Both models on the rows of one slice. */
export interface SliceEvidence {
  /** For people, such as `country=DE`. */
  readonly title: string;
  readonly rows: number;
  readonly candidate: Interval;
  readonly production: Interval;
}

/**
 * Computes it in pieces of a few milliseconds. `seen`: rows that production was trained on; `policy`
 * names the slices.
 */
export function* gatherEvidence(
  predictions: Predictions,
  {
    seen = null,
    policy,
  }: {
    readonly seen?: ReadonlySet<string> | null | undefined;
    readonly policy?: GatePolicy;
  } = {},
): Generator<void, Evidence> {
  const unseen = withoutSeen(predictions, seen);
  const isCompared = predictions.production !== null && unseen.id.length > 0;
  const rows = isCompared ? unseen : { ...predictions, production: null };
  const { label, candidate, production } = rows;
  const cells = countCells(label, candidate, production ?? candidate);
  yield;
  const { score, otherScore, difference } = yield* compare('macro_f1', cells);
  return {
    rows: label.length,
    leftOut: predictions.id.length - label.length,
    classes: cells.classes,
    candidate: modelEvidence(rows, { cells, of: 'candidate', macroF1: score }),
    production:
      production === null
        ? null
        : modelEvidence(rows, { cells, of: 'production', macroF1: otherScore }),
    difference: production === null ? null : intervalOf(difference),
    flips: flipsOf(rows),
    chosen: chooseRows(rows),
    slices: policy === undefined || production === null ? [] : yield* slicesOf(policy, rows),
  };
}

function* slicesOf(
  policy: GatePolicy,
  rows: Predictions,
): Generator<void, readonly SliceEvidence[]> {
  const { slices } = yield* sliceRows(policy, rows);
  return slices
    .flatMap(({ title, counts, rightBefore }) => {
      const { rows: all, candidateOnly, productionOnly } = counts;
      const candidate = shareOf(rightBefore + candidateOnly - productionOnly, all);
      const production = shareOf(rightBefore, all);
      return candidate === null || production === null
        ? []
        : [{ title, rows: all, candidate, production }];
    })
    .sort((a, b) => changeOf(a) - changeOf(b));
}

const changeOf = ({ candidate, production }: SliceEvidence): number =>
  candidate.estimate - production.estimate;

function modelEvidence(
  rows: Predictions,
  {
    cells,
    of,
    macroF1,
  }: {
    readonly cells: Cells;
    readonly of: Exclude<keyof AnswerScores, 'anchor'>;
    readonly macroF1: Estimate;
  },
): ModelEvidence {
  const confusion = confusionOf(cells, of === 'candidate' ? 'candidate' : 'other');
  const right = confusion.reduce((sum, row, truth) => sum + (row[truth] ?? 0), 0);
  return {
    accuracy: shareOf(right, cells.rows) ?? { estimate: 0, lower: 0, upper: 1 },
    macroF1: clipped(intervalOf(macroF1)),
    perClass: classScores(cells.classes, confusion),
    confusion,
    calibration: calibrationOf(rows.label, rows[of] ?? [], rows.scores?.[of]),
  };
}

const clipped = ({ estimate, lower, upper }: Interval): Interval => ({
  estimate,
  lower: Math.max(0, lower),
  upper: Math.min(1, upper),
});
