import type { Refusal } from '../../../pipeline/core/approval.ts';
import { undecidableHint, whyRunUndecidable } from '../../../pipeline/core/deciders.ts';
import { type Actor, isSameActor, type Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';
import { instant, type Line } from '../../blocks/rich-text.ts';
import { decisionLine, outdatedText } from './approval-lines.ts';

/** Explains to the person who decided why the decision does not count. */
export function refusalAnswer(refusal: Refusal, by: Actor): Message {
  switch (refusal.kind) {
    case 'run_unknown':
      return refused('That run no longer exists.', '/mlops approvals lists the open requests.');
    case 'not_waiting':
      return refused(`Nothing to decide: ${headline(refusal.run)}.`);
    case 'not_an_approver':
      return refused(
        'You are not an approver of this model. Nothing was changed.',
        'The thread and mlops.config.ts list its approvers.',
      );
    case 'own_request':
      return refused(
        'You started this run, so someone else has to decide.',
        whyRunUndecidable(refusal.run) ??
          'The policy of this model does not let you approve your own request.',
        ...(whyRunUndecidable(refusal.run) === null
          ? []
          : [
              `/mlops stop ${refusal.run.id}, or Stop on its card, ends it. ${undecidableHint(refusal.run.model)}`,
            ]),
      );
    case 'out_of_date':
      return refused(
        `${refusal.run.model} v${refusal.run.version} is out of date: ${outdatedText(refusal.run)}`,
        againLine(refusal.run),
      );
    case 'already_decided':
      return decidedAnswer(refusal.run, by);
    case 'expired':
      return refused(
        'Too late: the request has expired.',
        expiredAt(refusal.run),
        againLine(refusal.run),
      );
    case 'reason_missing':
      return refused(
        'Approving this overrides the gate or a change of the data, so it needs a reason.',
        'Say why it may go live all the same: with the button in Slack, or as /mlops approve <run> <reason>.',
      );
    case 'digest_changed':
      return refused(
        'What you were asked to decide has changed, so your decision was not counted.',
        'Look at the current card and decide again.',
      );
  }
}

function decidedAnswer(run: Run, by: Actor): Message {
  const decisions = run.approval?.decisions ?? [];
  const own = decisions.find((decision) => isSameActor(decision.by, by));
  const text =
    own !== undefined && run.approval?.outcome === null
      ? 'You have already decided; more approvals are needed from others.'
      : `Already decided: ${headline(run)}.`;
  return refused(text, ...decisions.slice(0, 10).map((each) => decisionLine(each, true)));
}

function expiredAt({ approval }: Run): Line | null {
  const at = approval?.endedAt ?? approval?.expiresAt ?? null;
  return at === null ? null : ['It expired ', instant(at, 'date and time'), '.'];
}

function againLine(run: Run): string | null {
  return run.version === null ? null : `/mlops promote ${run.model} ${run.version} asks again.`;
}
