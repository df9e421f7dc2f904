import type { Refusal } from '../../../pipeline/core/approval.ts';
import { type Actor, isSameActor, type Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';
import { instant, type Line } from '../../blocks/rich-text.ts';
import { decisionLine } from './approval-lines.ts';

/** Why a decision does not count, to the one who made it. */
export function refusalAnswer(refusal: Refusal, by: Actor): Message {
  switch (refusal.kind) {
    case 'run_unknown':
      return refused('That run is not known (any more).', '/mlops approvals lists what waits.');
    case 'not_waiting':
      return refused(`Nothing to decide: ${headline(refusal.run)}.`);
    case 'not_an_approver':
      return refused(
        'You are not an approver of this model; nothing was changed.',
        'The approvers are named in the thread and in mlops.config.ts.',
      );
    case 'own_request':
      return refused(
        'You asked for this run, so somebody else has to decide.',
        'The policy of the model does not allow approving one’s own request.',
      );
    case 'already_decided':
      return decidedAnswer(refusal.run, by);
    case 'expired':
      return refused(
        'Too late: the request has expired.',
        expiredAt(refusal.run),
        againLine(refusal.run),
      );
    case 'digest_changed':
      return refused(
        'What this button stood for has changed since, so the decision does not count.',
        'Look at the card as it is now and decide again.',
      );
  }
}

function decidedAnswer(run: Run, by: Actor): Message {
  const decisions = run.approval?.decisions ?? [];
  const own = decisions.find((decision) => isSameActor(decision.by, by));
  const said =
    own !== undefined && run.approval?.outcome === null
      ? 'You have decided already; more approvals are needed from others.'
      : `Decided already: ${headline(run)}.`;
  return refused(said, ...decisions.slice(0, 10).map((each) => decisionLine(each, true)));
}

function expiredAt({ approval }: Run): Line | null {
  const at = approval?.endedAt ?? approval?.expiresAt ?? null;
  return at === null ? null : ['It ended ', instant(at, 'date and time'), '.'];
}

function againLine(run: Run): string | null {
  return run.version === null ? null : `/mlops promote ${run.model} ${run.version} asks again.`;
}
