import { isSameActor } from '../../../pipeline/core/run.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { markLine } from '../../blocks/mark-line.ts';
import { readModel, readVersionOf } from '../../interaction/arguments.ts';
import type { Command, Reply } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';

export const unmark: Command = {
  name: 'unmark',
  usage: '<model> <version> <reason>',
  summary: 'Lifts the mark “rolled back” from a version that was not at fault.',
  examples: ['unmark spam 2 the invoices were mislabelled, not the model'],
  options: ['reason'],
  maxWords: Number.POSITIVE_INFINITY,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const version = await readVersionOf(tools, model, words[1]);
    const refusal = refuseForModel(tools, caller, model, 'lift the mark of a version');
    if (refusal !== null) return refusal;
    const reason = options.reason ?? words.slice(2).join(' ');
    if (reason.trim() === '') return withoutReason(model, version);
    const mark = await tools.pipeline.liftMark({ model, version, by: caller.actor, reason });
    await tools.cards.onEvent(mark.runId);
    if (mark.lifted !== null && !isSameActor(mark.lifted.by, caller.actor)) {
      return refused(`${model} v${version} has no mark any more.`, markLine(mark));
    }
    return {
      ...answer(
        `${model} v${version} is no longer marked as rolled back.`,
        markLine(mark),
        `It returns to production by a promotion: /mlops promote ${model} ${version}`,
      ),
      data: mark,
    };
  },
};

function withoutReason(model: string, version: number): Reply {
  const reply = answer(
    'Say why, in a few words.',
    `Usage: /mlops unmark ${model} ${version} <reason>`,
  );
  return { ...reply, problem: 'usage' };
}
