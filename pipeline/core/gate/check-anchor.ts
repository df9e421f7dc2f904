import { countCells } from './cells.ts';
import { compare, shownInterval } from './compare.ts';
import type { GateCase } from './gate-case.ts';
import { capitalised, points, rows, signedPoints, titles } from './gate-words.ts';
import type { Predictions } from './predictions.ts';
import { withoutSeen } from './seen-rows.ts';
import type { Check, Verdict } from './verdict.ts';

/**
 * Small losses that each stay inside the margin add up, so the candidate must also not lose more than
 * one margin against the best version so far. That asks people: against production it may be fine.
 */
export function* compareWithAnchor(
  { policy, predictions, anchor, unanswered, seen }: GateCase,
  alpha: number,
): Generator<void, { check: Check; facts: NonNullable<Verdict['anchor']> } | null> {
  if (anchor === null) return null;
  const facts = { version: anchor, difference: null };
  const best = `v${anchor}, the best version so far,`;
  if (predictions.anchor === null) {
    const why = unanswered.anchor ?? 'it was not asked';
    return { facts, check: behind(`${best} could not answer the held-out rows: ${why}`) };
  }
  const unseen = withoutSeen(predictions, seen?.anchor);
  const { label, candidate, anchor: answers } = onAnswered(unseen, unseen.anchor ?? []);
  if (label.length < policy.minimumRows) {
    const which = unseen === predictions ? 'these' : 'these that it was not trained on';
    return { facts, check: behind(`${best} answered ${rows(label.length, 'row')} of ${which}`) };
  }
  const cells = countCells(label, candidate, answers);
  const { difference, accuracy } = yield* compare(policy.metric, cells);
  const shown = shownInterval(difference);
  const lower = Math.min(difference.lowerBound(alpha), accuracy.lowerBound(alpha));
  const compared = { ...facts, difference: shown };
  const words = `${capitalised(titles[policy.metric])} differs by ${signedPoints(shown.estimate)} from ${best}`;
  if (lower < -policy.nonInferiorityMargin || shown.estimate < -policy.tolerance) {
    return {
      facts: compared,
      check: behind(`${words} and may have lost ${points(-lower)} since then.`),
    };
  }
  return {
    facts: compared,
    check: { name: 'anchor', outcome: 'pass', reason: `${words} within the margin.` },
  };
}

/** The rows an answer is stored for. */
function onAnswered({ label, candidate }: Predictions, anchor: readonly string[]) {
  const has = (_: string, row: number) => anchor[row] !== '';
  return {
    label: label.filter(has),
    candidate: candidate.filter(has),
    anchor: anchor.filter(has),
  };
}

const behind = (reason: string): Check => ({ name: 'anchor', outcome: 'inconclusive', reason });
