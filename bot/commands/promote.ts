import { startedAnswer } from '../messages/started.ts';
import { readModel, readVersion } from './arguments.ts';
import type { Command } from './command.ts';
import { refuseOperator } from './rights.ts';

export const promote: Command = {
  name: 'promote',
  usage: '<model> <version> [reason="…"]',
  summary: 'Asks for approval to put a registered version into production.',
  examples: ['promote spam 7'],
  options: ['reason'],
  most: 2,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const version = readVersion(words[1]);
    const refusal = refuseOperator(tools, caller, 'promote a version');
    if (refusal !== null) return refusal;
    const started = await tools.pipeline.startRun({
      kind: 'promote',
      requestId: caller.requestId,
      model,
      requestedBy: caller.actor,
      reason: options.reason ?? null,
      version,
    });
    return startedAnswer(started, tools.config.channel);
  },
};
