import type { GatePolicy } from '../config.ts';
import { type Cells, pairedCounts, shareRight } from './cells.ts';
import { figure, points } from './gate-words.ts';
import { mcNemarWorse, rejectedByHolm } from './statistics.ts';
import type { Check } from './verdict.ts';

/** Chance that a gate holds up a candidate that is as good as production in every class. */
const FALSE_HOLD = 0.05;

/**
 * The classes that got much worse behind a good average: their recall dropped by more than the policy
 * allows, and by more than chance explains, however many classes there are (exact McNemar tests
 * under Holm's procedure).
 */
export function worseClasses(policy: GatePolicy, cells: Cells): readonly Check[] {
  const tested = cells.classes
    .map((label, index) => ({ label, index, counts: pairedCounts(cells, index) }))
    .filter(({ counts }) => counts.rows >= policy.perClassRows);
  const isWorse = rejectedByHolm(
    tested.map(({ counts }) => mcNemarWorse(counts)),
    FALSE_HOLD,
  );
  return tested.flatMap(({ label, index }, test) => {
    const before = shareRight(cells, 'other', index);
    const now = shareRight(cells, 'candidate', index);
    if (isWorse[test] !== true || before - now <= policy.maxRecallDrop) return [];
    return [
      {
        name: 'per_class' as const,
        outcome: 'inconclusive' as const,
        reason: `Recall of “${label}” drops by ${points(before - now)} (${figure(before)} → ${figure(now)}).`,
      },
    ];
  });
}
