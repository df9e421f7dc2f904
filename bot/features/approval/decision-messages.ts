import type { Decision, Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { dataLines } from '../../blocks/data-lines.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, italic, lines } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approvalLines } from './approval-lines.ts';
import { approveButton, rejectButton } from './decision-buttons.ts';

/** What one person can decide on, with the buttons of the card; `reason` is for rejecting. */
export function decisionQuestion(
  run: Run,
  facts: ModelFacts,
  reason: string | null = null,
): Message & { readonly asks: true } {
  const name = `${run.model} v${run.version}`;
  const title = `${name} is waiting for your decision`;
  const asked = message(title, [
    lines(
      [bold(title)],
      [effectOf(run)],
      ...triggerLines(run),
      ...dataLines(run, 2),
      scoreLine(run, facts),
      gateLine(run),
      ...approvalLines(run, true),
      reason === null ? [] : ['Your reason for rejecting: ', italic(shown(reason, 500))],
      [`Run ${run.id}`],
    ),
    {
      type: 'actions',
      block_id: `decide:${run.id}`,
      elements: [approveButton(run, facts), rejectButton(run, reason)],
    },
  ]);
  return { ...asked, asks: true };
}

function effectOf({ version, evaluatedAgainst: live }: Run): string {
  return live === null
    ? `If approved, v${version} goes into production as the first version.`
    : `If approved, v${version} replaces v${live} in production; if rejected, v${live} stays.`;
}

/** Confirms a decision to the person who made it; everyone else sees the card and its thread. */
export function countedAnswer(run: Run, outcome: Decision['outcome']): Message {
  const name = `${run.model} v${run.version}`;
  const line = `Run ${run.id}.`;
  if (outcome === 'rejected') {
    return answer(`You rejected ${name}. Production stays as it is.`, line);
  }
  const { approval } = run;
  if (approval?.outcome === 'approved') {
    return answer(`You approved ${name}. Follow the deployment on its card.`, line);
  }
  const missing = (approval?.quorum ?? 1) - (approval?.decisions.length ?? 0);
  return answer(`You approved ${name}; ${plural(missing, 'more approval')} needed.`, line);
}
