import type { Run } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { itemWithMenu, type MenuItem, openCard } from '../../blocks/menu.ts';
import { type Message, message } from '../../blocks/message.ts';
import { instant, type Line, lines, link } from '../../blocks/rich-text.ts';
import { approvalLines } from './approval-lines.ts';
import { requestMenu } from './request-menu.ts';

/** Most requests listed; each needs a call to Slack for its link. */
export const MAX_WAITING = 10;

interface Waiting {
  readonly run: Run;
  /** Whether the reader can decide. */
  readonly isMine: boolean;
  readonly link?: string | null;
}

/** The open approval requests; `link` leads to the card with the buttons. */
export function waitingMessage(waiting: readonly Waiting[], now?: Date): Message {
  if (waiting.length === 0) return answer('Nothing is waiting for approval.');
  return message('Waiting for approval', [
    ...waiting
      .slice(0, MAX_WAITING)
      .flatMap((each) => [
        itemWithMenu(
          `${headline(each.run)}${each.isMine ? ' · you can decide, on its card or with /mlops approve' : ''}`,
          waitingMenu(each),
        ),
        lines(...approvalLines(each.run, false).slice(-1), sinceLine(each.run, now), [
          `Run ${each.run.id}`,
          ...(each.link ? [' · ', link(each.link, 'open the card')] : []),
        ]),
      ]),
    ...(waiting.length > MAX_WAITING ? [lines([`and ${waiting.length - MAX_WAITING} more`])] : []),
  ]);
}

/** What can be done with a request, as commands. */
function waitingMenu({ run, isMine, link: address }: Waiting): readonly (MenuItem | null)[] {
  const { id, model, version, evaluatedAgainst } = run;
  return [
    openCard(address ?? null),
    isMine || evaluatedAgainst === null || version === null
      ? null
      : { label: 'Compare with production', command: `diff ${model} v${version}` },
    isMine ? { label: 'Approve or reject…', command: `approve ${id}` } : null,
    ...requestMenu(run).filter(({ command }) => isMine || command === `remind ${id}`),
  ];
}

function sinceLine({ approval }: Run, now: Date | undefined): Line {
  if (approval === null) return [];
  return [
    'Requested ',
    instant(approval.requestedAt, 'date and time'),
    now === undefined ? '' : `, ${ago(approval.requestedAt, now)}`,
  ];
}
