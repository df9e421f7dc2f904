import { MlopsError } from '../../pipeline/core/errors.ts';
import { rollbackQuestion } from '../messages/rollback-question.ts';
import { startedAnswer } from '../messages/started.ts';
import { readModel, readVersion } from './arguments.ts';
import type { Command } from './command.ts';
import { refuseRollback } from './rights.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: '<model> [version]',
  summary: 'Puts an earlier version back; asks you first.',
  examples: ['rollback spam', 'rollback spam 5'],
  options: [],
  most: 2,
  async run({ words, tools, caller }) {
    const model = readModel(tools, words[0]);
    const asked = words[1] === undefined ? null : readVersion(words[1]);
    const refusal = refuseRollback(tools, caller, model);
    if (refusal !== null) return refusal;
    const { production, rollbackTo } = await tools.pipeline.modelStatus(model);
    const from = production?.version.version ?? null;
    const to = asked ?? rollbackTo;
    if (from === null || to === null || from === to) throw nothingToRollBack(model, from, to);
    const { requestId } = caller;
    if (caller.isConfirmed !== true) return rollbackQuestion({ model, from, to, requestId });
    const started = await tools.pipeline.startRun({
      kind: 'rollback',
      requestId: `rollback:${requestId}`,
      model,
      requestedBy: caller.actor,
      reason: null,
      version: to,
    });
    return { ...startedAnswer(started, tools.config.channel), data: started };
  },
};

function nothingToRollBack(model: string, from: number | null, to: number | null): MlopsError {
  const why =
    from === null
      ? `${model} has nothing in production yet.`
      : from === to
        ? `${model} v${from} is in production already.`
        : `${model} v${from} is the first version in production; there is none before it.`;
  return new MlopsError('NOTHING_TO_ROLL_BACK', why, {
    hint: `/mlops versions ${model} lists what is registered.`,
  });
}
