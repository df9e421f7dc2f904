import { isApprover, isOperator } from '../../../pipeline/core/access.ts';
import type { Command } from '../../interaction/command.ts';
import { machineMessage, whoamiMessage } from './whoami-message.ts';

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
