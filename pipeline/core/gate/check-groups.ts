import type { GatePolicy } from '../config.ts';
import { type Cells, pairedCounts, shareRight } from './cells.ts';
import { figure, points, quoted, rows } from './gate-words.ts';
import type { SlicedRows } from './slices.ts';
import { mcNemarWorse, type PairedCounts, rejectedByHolm } from './statistics.ts';
import type { Check } from './verdict.ts';

/** Chance that a gate holds up a candidate that is as good as production in every class and slice. */
const FALSE_HOLD = 0.05;

/** So many slices that got worse are described, those that lost most; the others are named. */
const MOST_DESCRIBED = 3;

/**
 * The classes and slices that got much worse behind a good average: recall or accuracy dropped by more
 * than the policy allows, and by more than chance explains, however many classes and slices there are
 * (exact McNemar tests under Holm's procedure, all in one family).
 */
export function checkGroups(
  policy: GatePolicy,
  cells: Cells,
  sliced: SlicedRows,
): readonly Check[] {
  const classes = classesOf(cells).filter(({ counts }) => counts.rows >= policy.perClassRows);
  const slices = sliced.slices.map(({ title, counts, rightBefore }) => {
    const { candidateOnly, productionOnly } = counts;
    const before = rightBefore / counts.rows;
    const now = (rightBefore + candidateOnly - productionOnly) / counts.rows;
    return { title, counts, before, now };
  });
  const isProven = rejectedByHolm(
    [...classes, ...slices].map(({ counts }) => mcNemarWorse(counts)),
    FALSE_HOLD,
  );
  const worseClasses = classes.filter(
    (each, test) => isProven[test] === true && dropOf(each) > policy.maxRecallDrop,
  );
  const worseSlices = slices
    .filter(
      (each, index) =>
        isProven[classes.length + index] === true && dropOf(each) > policy.maxSliceDrop,
    )
    .sort((a, b) => dropOf(b) - dropOf(a));
  return [
    ...worseClasses.map((each) => held('per_class', classReason(each))),
    ...worseSlices.slice(0, MOST_DESCRIBED).map((each) => held('per_slice', sliceReason(each))),
    ...moreSlices(policy, worseSlices.slice(MOST_DESCRIBED)),
    ...summary(policy, sliced, worseSlices.length),
  ];
}

interface Group {
  readonly title: string;
  readonly counts: PairedCounts;
  /** Share of its rows that production gets right, and the candidate. */
  readonly before: number;
  readonly now: number;
}

function classesOf(cells: Cells): readonly Group[] {
  return cells.classes.map((title, index) => ({
    title,
    counts: pairedCounts(cells, index),
    before: shareRight(cells, 'other', index),
    now: shareRight(cells, 'candidate', index),
  }));
}

const dropOf = ({ before, now }: Group): number => before - now;

const changeOf = ({ before, now }: Group): string => `(${figure(before)} → ${figure(now)})`;

const classReason = (group: Group): string =>
  `Recall of “${group.title}” drops by ${points(dropOf(group))} ${changeOf(group)}.`;

const sliceReason = (group: Group): string =>
  `${group.title}: ${points(dropOf(group))} lower on ${rows(group.counts.rows)} ${changeOf(group)}.`;

function moreSlices({ maxSliceDrop }: GatePolicy, more: readonly Group[]): readonly Check[] {
  if (more.length === 0) return [];
  const names = quoted(more.map(({ title }) => title));
  return [held('per_slice', `More than ${points(maxSliceDrop)} lower, too: ${names}.`)];
}

/** What was looked at, so that silence about a slice can be told from no look at it. */
function summary(
  { slices: columns, maxSliceDrop }: GatePolicy,
  { slices, notes }: SlicedRows,
  worse: number,
): readonly Check[] {
  if (columns.length === 0 || slices.length + notes.length === 0) return [];
  const found =
    worse === 0
      ? `none is proven to have lost more than ${points(maxSliceDrop)}`
      : `${worse} lost more than ${points(maxSliceDrop)}`;
  const judged =
    slices.length === 0
      ? []
      : [`Of ${slices.length} slice${slices.length === 1 ? '' : 's'}, ${found}.`];
  return [{ name: 'per_slice', outcome: 'pass', reason: [...judged, ...notes].join(' ') }];
}

const held = (name: Check['name'], reason: string): Check => ({
  name,
  outcome: 'inconclusive',
  reason,
});
