import { toMarkdown } from '../../../pipeline/core/model-card/to-markdown.ts';
import { refused } from '../../blocks/answer.ts';
import { readModel, readVersionOf } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { modelCardMessage } from './model-card-message.ts';

/** The model card of a version; a terminal can have it as Markdown. */
export const modelCard: Command = {
  name: 'model-card',
  usage: '<model> [version]',
  summary:
    'What to know about a version: data, training, figures, limits; export=yes in a terminal.',
  examples: ['model-card spam', 'model-card spam v4', 'model-card spam production export=yes'],
  options: ['export'],
  maxWords: 2,
  async run({ words: [word, named], options, tools, caller }) {
    const model = readModel(tools, word);
    const isExport = options.export === 'yes';
    if (isExport && caller.isConfirmed === undefined) {
      return refused(
        'A model card is exported in a terminal.',
        `npx mlops model-card ${model} export=yes > model-card.md`,
      );
    }
    const version = await readVersionOf(tools, model, named ?? 'latest');
    const read = await tools.pipeline.modelCard({ model, version });
    const reply = { ...modelCardMessage(read), data: read };
    return isExport ? { ...reply, file: toMarkdown(read.card) } : reply;
  },
};
