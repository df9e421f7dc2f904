import { isApprover, isOperator } from '../../../pipeline/core/access.ts';
import type { Actor } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Message } from '../../blocks/message.ts';
import type { Command } from '../../interaction/command.ts';

export const whoami: Command = {
  name: 'whoami',
  usage: '',
  summary: 'Your Slack ID and what you can do.',
  examples: ['whoami'],
  options: [],
  maxWords: 0,
  async run({ tools: { config }, caller: { actor, memberOf } }) {
    if (actor.kind === 'system') return { ...machineMessage(actor), data: { name: actor.name } };
    const facts = {
      name: actor.name,
      memberOf,
      isOperator: isOperator(config, memberOf),
      approves: Object.keys(config.models).filter((model) => isApprover(config, model, memberOf)),
    };
    return { ...whoamiMessage(facts), data: facts };
  },
};

/** Who the caller is and what they may do. */
export function whoamiMessage(person: {
  name: string;
  memberOf: readonly string[];
  isOperator: boolean;
  approves: readonly string[];
}): Message {
  const [id, ...groups] = person.memberOf;
  return answer(
    `You are ${shown(person.name, 40)}, Slack ID ${id}.`,
    groups.length === 0 ? null : `Your user groups in mlops.config.ts: ${groups.join(', ')}.`,
    person.isOperator
      ? 'You are an operator: you can retrain, promote, stop and roll back.'
      : 'You are not an operator: you can view everything.',
    person.approves.length === 0
      ? 'You are not an approver of any model.'
      : `You are an approver of ${person.approves.slice(0, 20).join(', ')}: you can approve or reject new versions and roll back.`,
  );
}

/** The same for a caller that is not a person: CI, a schedule, the command line of a stage. */
function machineMessage(caller: Actor): Message {
  return answer(
    `You are ${actorName(caller)}; people are not identified here.`,
    'You have the rights of an operator: you can retrain, promote, stop and roll back.',
    'You are not an approver: approving takes a person, with the buttons on the card in Slack.',
  );
}
