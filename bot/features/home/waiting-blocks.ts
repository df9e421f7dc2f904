import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { Run } from '../../../pipeline/core/run.ts';
import { headline } from '../../blocks/headline.ts';
import { itemWithMenu, type MenuItem } from '../../blocks/menu.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { bold, instant, type Line, lines } from '../../blocks/rich-text.ts';
import { scoreInBrief } from '../../blocks/scores.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { approveButton, rejectButton } from '../approval/decision-buttons.ts';
import { detailsButton } from '../run/details-action.ts';

/** A run that waits for approval; `isMine`: this person may decide. */
export interface WaitingRun {
  readonly run: Run;
  readonly facts: ModelFacts;
  readonly isMine: boolean;
}

const MOST_MINE = 6;
const MOST_OTHERS = 4;

/** What this person can decide, with buttons, then what others have to. */
export function waitingBlocks(waiting: readonly WaitingRun[]): readonly KnownBlock[] {
  const mine = waiting.filter(({ isMine }) => isMine);
  const others = waiting.filter(({ isMine }) => !isMine);
  return [
    ...mine.slice(0, MOST_MINE).flatMap(decision),
    ...others.slice(0, MOST_OTHERS).map(({ run }) => waitsForOthers(run)),
    ...andMore(mine.length - MOST_MINE, others.length - MOST_OTHERS),
  ];
}

function decision({ run, facts }: WaitingRun): readonly KnownBlock[] {
  const buttons: ActionsBlock = {
    type: 'actions',
    block_id: `waiting:${run.id}`,
    elements: [approveButton(run, facts), rejectButton(run), detailsButton(run)],
  };
  return [
    lines(
      [
        bold(headline(run)),
        ', requested ',
        instant(run.approval?.requestedAt ?? run.updatedAt, 'date and time'),
      ],
      scoreInBrief(run, facts),
      ...approvalLines(run, true).slice(-1),
    ),
    buttons,
  ];
}

function waitsForOthers(run: Run): KnownBlock {
  const menu: readonly MenuItem[] = [
    { label: 'Details', command: `status ${run.id}` },
    { label: 'Remind the approvers', command: `remind ${run.id}` },
  ];
  return itemWithMenu(`${headline(run)} (by others)`, menu);
}

function andMore(mine: number, others: number): readonly KnownBlock[] {
  const rest = Math.max(0, mine) + Math.max(0, others);
  const line: Line = [`and ${rest} more: /mlops approvals`];
  return rest === 0 ? [] : [lines(line)];
}
