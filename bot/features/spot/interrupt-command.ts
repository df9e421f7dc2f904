import { answer } from '../../blocks/answer.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';

/** Only where everything runs on one machine: shows what a Spot interruption does. */
export const interrupt: Command = {
  name: 'interrupt',
  usage: '[model]',
  summary: 'Interrupts a training job, as Spot would; it resumes by itself.',
  examples: ['interrupt', 'interrupt spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'interrupt training');
    if (refusal !== null) return refusal;
    const model = word === undefined ? undefined : readModel(tools, word);
    const result = await tools.local?.interrupt(model);
    return answer(result?.message ?? 'There is nothing to interrupt here.');
  },
};
