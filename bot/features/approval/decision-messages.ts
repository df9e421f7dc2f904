import type { Decision, Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, italic, lines } from '../../blocks/rich-text.ts';
import { comparisonLine, scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approvalLines } from './approval-lines.ts';
import { approveButton, rejectButton } from './decision-buttons.ts';

/** What one person may decide about, with the buttons of the card; `reason`: why it is rejected. */
export function decisionQuestion(
  run: Run,
  facts: ModelFacts,
  reason: string | null = null,
): Message & { readonly asks: true } {
  const name = `${run.model} v${run.version}`;
  const title = `${name} waits for your decision`;
  const asked = message(title, [
    lines(
      [bold(title)],
      [effectOf(run)],
      ...triggerLines(run),
      scoreLine(run, facts),
      facts.diff == null ? [] : comparisonLine(facts.diff, facts.metric),
      gateLine(run),
      ...approvalLines(run, true),
      reason === null ? [] : ['Your reason to reject it: ', italic(shown(reason, 500))],
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
    ? `Approved, v${version} goes into production as the first version.`
    : `Approved, v${version} goes into production in place of v${live}; rejected, v${live} stays.`;
}

/** To whoever decided; the card and its thread tell everybody else. */
export function countedAnswer(run: Run, outcome: Decision['outcome']): Message {
  const name = `${run.model} v${run.version}`;
  const line = `Run ${run.id}.`;
  if (outcome === 'rejected') {
    return answer(`You have rejected ${name}; production stays as it is.`, line);
  }
  const { approval } = run;
  if (approval?.outcome === 'approved') {
    return answer(`You have approved ${name}. Its card tells how the deployment goes.`, line);
  }
  const missing = (approval?.quorum ?? 1) - (approval?.decisions.length ?? 0);
  return answer(`You have approved ${name}; ${plural(missing, 'more approval')} needed.`, line);
}
