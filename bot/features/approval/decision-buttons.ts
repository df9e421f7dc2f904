import type { Button } from '@slack/types';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { MOST_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { scorePhrase } from '../../blocks/scores.ts';

/** What a decision button carries: which run, exactly what is decided about, and why if given. */
export function decisionValue(run: Run, reason: string | null = null): string {
  const digest = run.approval?.digest ?? '';
  return JSON.stringify(reason === null ? [run.id, digest] : [run.id, digest, reason]);
}

export function approveButton(run: Run, facts: ModelFacts): Button {
  const from = run.evaluatedAgainst === null ? '' : ` in place of v${run.evaluatedAgainst}`;
  const scores = scorePhrase(run, facts);
  const doubt = run.verdict?.outcome === 'inconclusive' ? ' The comparison was inconclusive.' : '';
  return {
    ...button(actionIds.approve, 'Approve', decisionValue(run)),
    style: 'primary',
    confirm: confirmation({
      title: `Deploy ${run.model} v${run.version}?`,
      text: `v${run.version} goes into production${from}.${scores ? ` ${scores}.` : ''}${doubt}`,
      yes: 'Approve',
    }),
  };
}

export function rejectButton(run: Run, reason: string | null = null): Button {
  const kept = reason === null ? null : truncate(reason, MOST_REASON_CHARACTERS);
  return button(actionIds.reject, 'Reject…', decisionValue(run, kept));
}
