import type { Run } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, instant, type Line, lines, link } from '../../blocks/rich-text.ts';
import { approvalLines } from './approval-lines.ts';

/** Most requests listed, and looked up in Slack. */
export const MOST_WAITING = 10;

/** What waits for whom, since when and until when; `link`: the card, where the buttons are. */
export function waitingMessage(
  waiting: readonly { run: Run; isMine: boolean; link?: string | null }[],
  now?: Date,
): Message {
  if (waiting.length === 0) return answer('Nothing waits for an approval.');
  return message('Waiting for approval', [
    ...waiting
      .slice(0, MOST_WAITING)
      .map(({ run, isMine, link: address }) =>
        lines(
          [
            bold(headline(run)),
            isMine ? ' · you may decide, on its card or with /mlops approve' : '',
          ],
          ...approvalLines(run, false).slice(-1),
          sinceLine(run, now),
          [`Run ${run.id}`, ...(address ? [' · ', link(address, 'open the card')] : [])],
        ),
      ),
    ...(waiting.length > MOST_WAITING
      ? [lines([`and ${waiting.length - MOST_WAITING} more`])]
      : []),
  ]);
}

function sinceLine({ approval }: Run, now: Date | undefined): Line {
  if (approval === null) return [];
  return [
    'Asked ',
    instant(approval.requestedAt, 'date and time'),
    now === undefined ? '' : `, ${ago(approval.requestedAt, now)}`,
  ];
}
