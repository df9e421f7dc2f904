import type { KnownBlock } from '@slack/types';
import { refuseDecision } from '../../../pipeline/core/approval.ts';
import { isSameActor, type Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, type Line, lines, link, mention } from '../../blocks/rich-text.ts';
import { decisionLine, outdatedText } from '../approval/approval-lines.ts';
import { approveButton, rejectButton } from '../approval/decision-buttons.ts';
import { cardLines } from './card-lines.ts';

/** Whether the request still waits for this person, whose groups are among the approvers. */
export function waitsFor(run: Run, userId: string, now: Date): boolean {
  if (!isWaitingForApproval(run) || run.stopRequestedBy !== null) return false;
  const { approvers = [], digest = '' } = run.approval ?? {};
  const by = { kind: 'person' as const, id: userId, name: '' };
  return refuseDecision(run, { by, memberOf: [userId, ...approvers], digest, now }) === null;
}

/**
 * A request as a direct message: the three lines of its card, the buttons of the card, and a link.
 * Once nothing waits for this person it says so instead, and stays as it is.
 */
export function directRequest(
  run: Run,
  facts: ModelFacts,
  reader: { readonly id: string; readonly isAsked: boolean; readonly address: string | null },
): Message {
  const open: Line = reader.address === null ? [] : [link(reader.address, 'Open the card')];
  if (!reader.isAsked) {
    const title = settledTitle(run, reader.id);
    return message(title, [lines([bold(title)], ...settledLines(run), open)]);
  }
  const title = `${run.model} v${run.version} is waiting for your decision`;
  const { score, warnings, next } = cardLines(run, facts, true);
  return message(title, [
    lines([bold(`✋ ${title}`)], score, ...warnings, next, open),
    {
      type: 'actions',
      block_id: `direct:${run.id}`,
      elements: [approveButton(run, facts), rejectButton(run)],
    },
  ]);
}

/** A reminder below it; `isAsked` as of the request. */
export function directReminder(run: Run, userId: string, isAsked: boolean): Message {
  const name = `${run.model} v${run.version}`;
  const said: Line = isAsked
    ? [mention(userId), `: ${name} is still waiting for your decision.`]
    : [`A reminder of ${name}; nothing is waiting for you any more.`];
  const text = isAsked ? `Reminder: ${name} is still waiting for your decision` : 'A reminder';
  const blocks: readonly KnownBlock[] = [lines(said)];
  return message(text, blocks);
}

function settledTitle(run: Run, userId: string): string {
  const { approval, model, version } = run;
  const name = `${model} v${version}`;
  const own = { kind: 'person' as const, id: userId, name: '' };
  switch (approval?.outcome) {
    case 'approved':
      return `✅ ${name} was approved`;
    case 'rejected':
      return `⛔ ${name} was rejected`;
    case 'expired':
      return `The request for ${name} expired`;
    default:
      if (approval?.decisions.some(({ by }) => isSameActor(by, own)) === true) {
        return `You have decided on ${name}`;
      }
      return approval?.outdated == null
        ? `The request for ${name} was withdrawn`
        : `The request for ${name} is out of date`;
  }
}

function settledLines(run: Run): readonly Line[] {
  const { approval } = run;
  const decided = (approval?.decisions ?? []).map((decision) => decisionLine(decision, true));
  const isOutdated = approval?.outcome === null && approval.outdated != null;
  return [...decided, isOutdated ? [outdatedText(run)] : []];
}
