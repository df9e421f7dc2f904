import { actionIds } from '../../blocks/action-ids.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { stopAnswer } from './stop-answer.ts';

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
