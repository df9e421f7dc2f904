import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { runsMessage } from './runs-message.ts';

const MOST_RUNS = 10;

export const runs: Command = {
  name: 'runs',
  usage: '[model]',
  summary: 'The newest runs.',
  examples: ['runs', 'runs spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const found = await tools.pipeline.listRuns({ ...model, limit: MOST_RUNS });
    return { ...runsMessage(found), data: found };
  },
};
