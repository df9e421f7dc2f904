import { MlopsError } from '../../../pipeline/core/errors.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { openTry, takesText } from './ask-model.ts';
import { readInput } from './asked.ts';
import { predictionMessage } from './prediction-message.ts';

/** Asks the endpoint of a model; without a text it opens a form. */
export const predict: Command = {
  name: 'predict',
  usage: '<model> [text]',
  summary: 'Asks the model in production; without a text, with a form.',
  examples: ['predict spam', 'predict spam You have won a prize'],
  options: 'any',
  maxWords: Number.POSITIVE_INFINITY,
  async run({ words: [word, ...rest], tools, caller }) {
    const model = readModel(tools, word);
    const typed = rest.join(' ');
    const opened = await openTry(tools, model);
    if ('refusal' in opened) return opened.refusal;
    if (typed === '') {
      if ((await caller.openModal?.(opened.view)) === true) return null;
      return answer(`Add what to ask: /mlops predict ${model} <text>`);
    }
    const input = readInput(typed, takesText(tools, model));
    if (input === null) {
      return { ...refused('That is not a JSON object of features.'), problem: 'usage' };
    }
    try {
      const prediction = await tools.pipeline.predict({ model, input });
      return { ...predictionMessage(prediction, input), data: prediction };
    } catch (error) {
      if (error instanceof MlopsError && error.code === 'VERIFICATION_FAILED') {
        return refused(
          error.message,
          'An endpoint that has not been asked for long may need a minute.',
        );
      }
      throw error;
    }
  },
};
