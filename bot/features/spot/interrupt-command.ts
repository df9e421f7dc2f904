import { answer } from '../../blocks/answer.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';

/** Only where everything runs on one machine: lets anybody see what an interruption does. */
export const interrupt: Command = {
  name: 'interrupt',
  usage: '[model]',
  summary: 'Takes the training machine away, as Spot would; the training resumes by itself.',
  examples: ['interrupt', 'interrupt spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'interrupt a training');
    if (refusal !== null) return refusal;
    const model = word === undefined ? undefined : readModel(tools, word);
    const told = await tools.local?.interrupt(model);
    return answer(told?.message ?? 'There is nothing to interrupt here.');
  },
};
