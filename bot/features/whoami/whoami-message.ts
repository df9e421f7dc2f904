import type { Actor } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Message } from '../../blocks/message.ts';

export function whoamiMessage(person: {
  name: string;
  memberOf: readonly string[];
  isOperator: boolean;
  approves: readonly string[];
}): Message {
  const [id, ...groups] = person.memberOf;
  return answer(
    `You are ${shown(person.name, 40)}, Slack id ${id}.`,
    groups.length === 0 ? null : `User groups named in mlops.config.ts: ${groups.join(', ')}.`,
    person.isOperator
      ? 'You are an operator: you may retrain, promote, stop and roll back.'
      : 'You are not an operator: you may look at everything.',
    person.approves.length === 0
      ? 'You approve no model.'
      : `You are an approver of ${person.approves.slice(0, 20).join(', ')}: you may decide on new versions and roll back.`,
  );
}

/** For a caller that is no person: CI, a schedule, the command line of a stage. */
export function machineMessage(caller: Actor): Message {
  return answer(
    `You are ${actorName(caller)}; which person that is, nobody can tell here.`,
    'You may what operators may: retrain, promote, stop and roll back.',
    'You approve no model: that needs a person, and the buttons on the card of the run.',
  );
}
