import type { Run } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, instant, type Line, lines, link } from '../../blocks/rich-text.ts';
import { approvalLines } from './approval-lines.ts';

/** Most requests listed; each needs a call to Slack for its link. */
export const MAX_WAITING = 10;

/** The open approval requests; `link` leads to the card with the buttons. */
export function waitingMessage(
  waiting: readonly { run: Run; isMine: boolean; link?: string | null }[],
  now?: Date,
): Message {
  if (waiting.length === 0) return answer('Nothing is waiting for approval.');
  return message('Waiting for approval', [
    ...waiting
      .slice(0, MAX_WAITING)
      .map(({ run, isMine, link: address }) =>
        lines(
          [
            bold(headline(run)),
            isMine ? ' · you can decide, on its card or with /mlops approve' : '',
          ],
          ...approvalLines(run, false).slice(-1),
          sinceLine(run, now),
          [`Run ${run.id}`, ...(address ? [' · ', link(address, 'open the card')] : [])],
        ),
      ),
    ...(waiting.length > MAX_WAITING ? [lines([`and ${waiting.length - MAX_WAITING} more`])] : []),
  ]);
}

function sinceLine({ approval }: Run, now: Date | undefined): Line {
  if (approval === null) return [];
  return [
    'Requested ',
    instant(approval.requestedAt, 'date and time'),
    now === undefined ? '' : `, ${ago(approval.requestedAt, now)}`,
  ];
}
