import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { runsMessage } from './runs-message.ts';

const MAX_RUNS = 10;

export const runs: Command = {
  name: 'runs',
  usage: '[model]',
  summary: 'The latest runs.',
  examples: ['runs', 'runs spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const found = await tools.pipeline.listRuns({ ...model, limit: MAX_RUNS });
    return { ...runsMessage(found), data: found };
  },
};
