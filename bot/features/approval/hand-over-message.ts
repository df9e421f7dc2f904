import type { HandOverRefusal } from '../../../pipeline/core/handing-over.ts';
import type { Person, Run } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';

/** The answer to whoever handed over; `isInThreadOnly`: the person wants no direct messages. */
export function handOverAnswer(run: Run, to: Person, isInThreadOnly: boolean): Message {
  const message = isInThreadOnly ? ' only, as they chose' : ', and get a direct message';
  return answer(
    `${actorName(to)} is asked to decide on ${run.model} v${run.version}.`,
    `They are mentioned in the thread of its card${message}. Whoever could decide before still can.`,
  );
}

/** Why not, as one sentence. */
export function whyNotHandedOver(run: Run, refusal: HandOverRefusal, to: Person): string {
  const name = actorName(to);
  switch (refusal.kind) {
    case 'already_asked':
      return `${name} has already been asked, by ${actorName(refusal.earlier.by)}.`;
    case 'too_often':
      return 'This request has been handed over too often. Use /mlops remind.';
    case 'cannot_decide':
      return whyNotTheirs(run, refusal.refusal.kind, name);
  }
}

function whyNotTheirs(
  run: Run,
  kind: Extract<HandOverRefusal, { kind: 'cannot_decide' }>['refusal']['kind'],
  name: string,
): string {
  if (kind === 'not_an_approver') return `${name} is not an approver of ${run.model}.`;
  if (kind === 'own_request') return `${name} started this run, so they cannot approve it.`;
  if (kind === 'already_decided' && run.approval?.outcome === null)
    return `${name} has already decided.`;
  return `There is nothing to decide any more: ${headline(run)}.`;
}
