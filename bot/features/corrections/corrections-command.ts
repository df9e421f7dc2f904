import { correctionRows } from '../../../pipeline/core/corrections.ts';
import { modelConfig } from '../../../pipeline/core/model-config.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { correctionsMessage } from './corrections-message.ts';

/** Rows of one export; Lambda answers with at most 6 MB. */
const MOST_ROWS = 2_000;

/** The rows that people corrected, and how to train on them. */
export const corrections: Command = {
  name: 'corrections',
  usage: '<model>',
  summary: 'Wrong answers that people corrected, as rows for a dataset.',
  examples: ['corrections spam'],
  options: ['export'],
  maxWords: 1,
  async run({ words: [word], options, tools }) {
    const { pipeline, config, clock } = tools;
    const model = readModel(tools, word);
    const found = await pipeline.corrections(model, MOST_ROWS);
    const reply = { ...correctionsMessage(model, found, clock.now()), data: found };
    if (options.export === undefined || found.count === 0) return reply;
    return { ...reply, file: correctionRows(found.newest, modelConfig(config, model).columns) };
  },
};
