import { startedAnswer } from '../../blocks/started.ts';
import { readModel, readVersionOf } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { planRollback } from './plan-rollback.ts';
import { rollbackModal, rollbackQuestion } from './rollback-modal.ts';
import { startRollback } from './start-rollback.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: '<model> [version] [reason="…"]',
  summary: 'Puts an earlier version back, after you confirm.',
  examples: ['rollback spam', 'rollback spam 5 reason="flags invoices"'],
  options: ['reason'],
  maxWords: 2,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const wanted = words[1] === undefined ? null : await readVersionOf(tools, model, words[1]);
    const refusal = refuseForModel(tools, caller, model, 'roll it back');
    if (refusal !== null) return refusal;
    const plan = await planRollback(tools, model, wanted);
    const { reason = null } = options;
    if (plan.underway !== null) {
      const started = { run: plan.underway, isNew: false };
      return { ...startedAnswer(started, tools.config.channel), data: started };
    }
    if (caller.isConfirmed === true) return startRollback(tools, plan, { ...caller, reason });
    const isOpened = await caller.openModal?.(rollbackModal(plan, reason));
    return isOpened === true ? null : rollbackQuestion(plan, reason);
  },
};
