import type { Button } from '@slack/types';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { MAX_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { scorePhrase } from '../../blocks/scores.ts';

/** The value of a decision button: the run, the digest of what is decided, and a reason if given. */
export function decisionValue(run: Run, reason: string | null = null): string {
  const digest = run.approval?.digest ?? '';
  return JSON.stringify(reason === null ? [run.id, digest] : [run.id, digest, reason]);
}

/** Approves, after a dialog that names the version, its scores and what it replaces. */
export function approveButton(run: Run, facts: ModelFacts): Button {
  const effect =
    run.evaluatedAgainst === null
      ? `v${run.version} goes into production.`
      : `v${run.version} replaces v${run.evaluatedAgainst} in production.`;
  const scores = scorePhrase(run, facts);
  const doubt = run.verdict === null ? '' : doubts[run.verdict.outcome];
  // A form follows that names the effect and asks for the reason.
  if (run.approval?.reasonRequired === true) {
    return button(actionIds.approve, 'Approve…', decisionValue(run));
  }
  return {
    ...button(actionIds.approve, 'Approve', decisionValue(run)),
    style: 'primary',
    confirm: confirmation({
      title: `Deploy ${run.model} v${run.version}?`,
      text: `${effect}${scores ? ` ${scores}.` : ''}${doubt}`,
      yes: 'Approve',
    }),
  };
}

const doubts = {
  pass: '',
  fail: ' The gate found it worse.',
  inconclusive: ' The comparison was inconclusive.',
  not_comparable: ' The gate could not compare them.',
} as const;

/** Opens the rejection form, with `reason` filled in. */
export function rejectButton(run: Run, reason: string | null = null): Button {
  const kept = reason === null ? null : truncate(reason, MAX_REASON_CHARACTERS);
  return button(actionIds.reject, 'Reject…', decisionValue(run, kept));
}
