import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { modelFacts } from '../../blocks/message.ts';
import { readModel, readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { runStatus, statusMessage } from './status-message.ts';

export const status: Command = {
  name: 'status',
  usage: '[model or run]',
  summary: 'What is in production, and which runs are in progress.',
  examples: ['status', 'status spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const { config, pipeline, clock } = tools;
    const statusOf = (models: readonly ModelStatus[]) => ({
      ...statusMessage(models, clock.now()),
      data: models,
    });
    if (word === undefined) return statusOf(await pipeline.fleet());
    if (Object.hasOwn(config.models, word.toLowerCase())) {
      return statusOf([await pipeline.modelStatus(word.toLowerCase())]);
    }
    // A word without digits is more likely a mistyped model than a run id.
    if (!/\d/.test(word)) readModel(tools, word);
    const run = await readRun(tools, word, 'any');
    return { ...runStatus(run, modelFacts(config, run.model)), data: run };
  },
};
