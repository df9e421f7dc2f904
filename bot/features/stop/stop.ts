import type { StopResult } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';
import { runNames } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';

export const stop: Command = {
  name: 'stop',
  usage: '<run or model>',
  summary: 'Stops a run in progress; production stays as it is.',
  examples: ['stop spam'],
  options: [],
  maxWords: 1,
  async run({ words, tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'stop a run');
    if (refusal !== null) return refusal;
    const run = await readRun(tools, words[0], 'active');
    const result = await tools.pipeline.stopRun({ runId: run.id, by: caller.actor });
    return { ...stopAnswer(result), data: result };
  },
};

async function stopRun(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'stop a run');
  if (refusal !== null) return click.answer(refusal);
  const result = await bot.pipeline.stopRun({ runId: click.value, by: click.actor });
  await bot.cards.onEvent(result.run.id, { redraw: result.status !== 'stopping' });
  if (result.status !== 'stopping') await click.answer(stopAnswer(result));
}

/** The Stop button on a card. */
export const stopAction: Action = {
  id: actionIds.stop,
  handle: stopRun,
  audit: { command: 'stop' },
};

/** The answer to a request to stop a run. */
export function stopAnswer({ status, run }: StopResult): Message {
  switch (status) {
    case 'stopping':
      return answer(`Stopping the ${runNames[run.kind]} of ${run.model}.`, `Run ${run.id}.`);
    case 'already_ended':
      return answer(`That run has already ended: ${headline(run)}.`);
    case 'too_late':
      return refused(
        `Too late to stop: the deployment of ${run.model} has already started.`,
        `/mlops rollback ${run.model} undoes it once it is live.`,
      );
  }
}
