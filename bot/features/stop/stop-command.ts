import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { stopAnswer } from './stop-answer.ts';

export const stop: Command = {
  name: 'stop',
  usage: '<run or model>',
  summary: 'Stops a run in progress; production stays as it is.',
  examples: ['stop spam'],
  options: [],
  maxWords: 1,
  async run({ words, tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'stop a run');
    if (refusal !== null) return refusal;
    const run = await readRun(tools, words[0], 'active');
    const result = await tools.pipeline.stopRun({ runId: run.id, by: caller.actor });
    return { ...stopAnswer(result), data: result };
  },
};
