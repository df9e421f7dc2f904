import { answer } from '../../blocks/answer.ts';
import { link } from '../../blocks/rich-text.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';

/** Not in help: the bot sends no requests to endpoints, it says where they go. */
export const predict: Command = {
  name: 'predict',
  usage: '<model>',
  summary: 'Where requests to a model go.',
  examples: [],
  options: 'any',
  // A text to classify may follow.
  maxWords: Number.POSITIVE_INFINITY,
  async run({ words: [word], tools }) {
    const model = readModel(tools, word);
    const { production } = await tools.pipeline.modelStatus(model);
    if (production === null) {
      return answer(
        `${model} has nothing in production yet, so nothing answers requests.`,
        `/mlops retrain ${model} trains a first version.`,
      );
    }
    const card = await tools.cardLink(production.runId);
    return answer(
      `${model} v${production.version.version} answers requests at its endpoint; /mlops does not send any.`,
      card === null
        ? 'The card of the run that deployed it shows a request to try.'
        : [link(card, 'Its card'), ' shows a request to try.'],
    );
  },
};
