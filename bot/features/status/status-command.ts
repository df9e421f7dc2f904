import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { modelFacts } from '../../blocks/message.ts';
import { readModel, readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { runStatus, statusMessage } from './status-message.ts';

export const status: Command = {
  name: 'status',
  usage: '[model or run]',
  summary: 'What is in production, and what goes on.',
  examples: ['status', 'status spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools }) {
    const { config, pipeline, clock } = tools;
    const told = (models: readonly ModelStatus[]) => ({
      ...statusMessage(models, clock.now()),
      data: models,
    });
    if (word === undefined) return told(await pipeline.fleet());
    if (Object.hasOwn(config.models, word.toLowerCase())) {
      return told([await pipeline.modelStatus(word.toLowerCase())]);
    }
    // A word that looks like no run id is a mistyped model more likely than a run.
    if (!/\d/.test(word)) readModel(tools, word);
    const run = await readRun(tools, word, 'any');
    return { ...runStatus(run, modelFacts(config, run.model)), data: run };
  },
};
