import { actionIds } from '../../blocks/action-ids.ts';
import { nothingToDo } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';

/** Stops waiting for a Spot machine; the run continues on an on-demand one. */
async function switchRunToOnDemand(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'switch a run to on-demand');
  if (refusal !== null) return click.answer(refusal);
  const result = await bot.pipeline.switchToOnDemand({ runId: click.value, by: click.actor });
  await bot.cards.onEvent(result.run.id, { redraw: result.status === 'too_late' });
  if (result.status === 'too_late') await click.answer(nothingToDo(result.run));
}

/** The button on a card whose Spot job has been waiting for long. */
export const onDemandAction: Action = {
  id: actionIds.onDemand,
  handle: switchRunToOnDemand,
  audit: { command: 'on-demand' },
};
