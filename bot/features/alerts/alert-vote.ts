import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import { isVotable, type RulePrecision } from '../../../pipeline/core/alert/votes.ts';
import type { GatePolicy } from '../../../pipeline/core/config.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { actorName } from '../../blocks/actor.ts';
import { figureTitle } from '../../blocks/alert-words.ts';
import { button } from '../../blocks/button.ts';
import { count } from '../../blocks/format.ts';
import { bold, type Line, lines } from '../../blocks/rich-text.ts';

/** Most people named with an answer; the others are counted. */
const MOST_NAMED = 5;

/** “Was this alert right?” with two buttons and who answered what; nothing before it can be judged. */
export function voteBlocks(alert: Alert): readonly KnownBlock[] {
  if (!isVotable(alert)) return [];
  const { id, votes = [] } = alert;
  const buttons: ActionsBlock = {
    type: 'actions',
    block_id: `alert:vote:${id}`,
    elements: [
      button(actionIds.alertRight, 'Yes, it was right', id),
      button(actionIds.alertWrong, 'No, a false alarm', id),
    ],
  };
  return [
    lines([
      bold('Was this alert right? '),
      [said(votes, true), said(votes, false)].filter(Boolean).join('; '),
    ]),
    buttons,
  ];
}

function said(votes: NonNullable<Alert['votes']>, isRight: boolean): string {
  const people = votes.filter((vote) => vote.isRight === isRight).map(({ by }) => actorName(by));
  const rest = people.length - MOST_NAMED;
  const names = people.slice(0, MOST_NAMED).join(', ');
  const more = rest > 0 ? ` and ${count(rest)} more` : '';
  return people.length === 0 ? '' : `${isRight ? 'Yes' : 'No'}: ${names}${more}`;
}

/** Such as `p95 latency: right 7 of 9`; with the model where several are listed. */
export function precisionLine(
  { model, kind, right, judged }: RulePrecision,
  metric: GatePolicy['metric'],
  names: { readonly model: boolean },
): Line {
  const rule = figureTitle(kind, { metric });
  return [`${names.model ? `${model} · ` : ''}${rule}: right ${count(right)} of ${count(judged)}`];
}
