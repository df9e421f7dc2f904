import type { RemindResult } from '../../../pipeline/core/approval-commands.ts';
import { isSameActor } from '../../../pipeline/core/run.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';
import { instant } from '../../blocks/rich-text.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';

export const remind: Command = {
  name: 'remind',
  usage: '<run or model>',
  summary: 'Mentions the approvers of an open request again, at most once an hour.',
  examples: ['remind spam'],
  options: [],
  maxWords: 1,
  async run({ words, tools, caller }) {
    const run = await readRun(tools, words[0], 'waiting');
    const refusal = isSameActor(run.requestedBy, caller.actor)
      ? null
      : refuseForModel(tools, caller, run.model, 'remind of its requests');
    if (refusal !== null) return refusal;
    const result = await tools.pipeline.remind({ runId: run.id, by: caller.actor });
    await tools.cards.onEvent(run.id);
    return { ...remindAnswer(result), data: result };
  },
};

function remindAnswer(result: RemindResult): Message {
  const { run } = result;
  const subject = `${run.model} v${run.version}`;
  if (result.status === 'reminded') {
    return answer(
      `The approvers of ${subject} are reminded in the thread of its card.`,
      'The next reminder is possible in an hour.',
    );
  }
  switch (result.refusal.kind) {
    case 'not_waiting':
      return refused(`There is nothing to remind of: ${headline(run)}.`);
    case 'too_soon':
      return refused(`The approvers of ${subject} have been asked within the last hour.`, [
        'They can be reminded from ',
        instant(result.refusal.from, 'date and time'),
        ' on.',
      ]);
  }
}
