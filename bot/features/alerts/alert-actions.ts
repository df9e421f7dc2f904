import { addHours } from 'date-fns/addHours';
import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { isSameActor } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { alertHeadline } from '../../blocks/alert-words.ts';
import { refused } from '../../blocks/answer.ts';
import { type Action, readableValue } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { readMuteChoice } from './alert-buttons.ts';

/** Shows on the card who acknowledged the alert; the first person stays. */
async function acknowledgeAlert(bot: Bot, click: Click): Promise<void> {
  const alert = await openAlert(bot, click, click.value);
  if (alert === null) return;
  const { acknowledged } = await bot.pipeline.acknowledge({
    alertId: alert.id,
    by: click.actor,
  });
  await bot.cards.onAlert(alert.id, { redraw: true });
  if (acknowledged !== null && !isSameActor(acknowledged.by, click.actor)) {
    await click.answer(refused(`Already acknowledged by ${acknowledged.by.name}.`));
  }
}

/** The menu of the card: mutes this figure of the model for the chosen time. */
async function muteAlert(bot: Bot, click: Click): Promise<void> {
  const choice = readMuteChoice(click.value);
  if (choice === null)
    return click.answer(refused('This menu is from an older version of the bot.'));
  const alert = await openAlert(bot, click, choice.alertId);
  if (alert === null) return;
  const { id, model, kind } = alert;
  const until = addHours(bot.clock.now(), choice.hours).toISOString();
  await bot.pipeline.mute({ model, kind, by: click.actor, until, reason: null });
  await bot.cards.onAlert(id, { redraw: true });
}

async function unmuteAlert(bot: Bot, click: Click): Promise<void> {
  const alert = await openAlert(bot, click, click.value);
  if (alert === null) return;
  const { id, model, kind } = alert;
  await bot.pipeline.unmute({ model, kind, by: click.actor });
  await bot.cards.onAlert(id, { redraw: true });
}

/** Ends the alert: what the version is asked now is what later looks compare with. */
async function acceptInputs(bot: Bot, click: Click): Promise<void> {
  const alert = await openAlert(bot, click, click.value);
  if (alert === null) return;
  await bot.pipeline.acceptInputs({ alertId: alert.id, by: click.actor });
  await bot.cards.onAlert(alert.id, { redraw: true });
}

/** Counts the answer of this person to “Was this alert right?”, in place of their earlier one. */
function rateAlert(isRight: boolean) {
  return async (bot: Bot, click: Click): Promise<void> => {
    const alert = await alertOf(bot, click, click.value);
    if (alert === null) return;
    const { status } = await bot.pipeline.rateAlert({
      alertId: alert.id,
      by: click.actor,
      isRight,
    });
    await bot.cards.onAlert(alert.id, { redraw: true });
    if (status === 'too_early') {
      await click.answer(refused('Acknowledge the alert first, or wait until it is over.'));
    }
  };
}

/** The alert if it is open and they may act on it; otherwise answers why not and returns null. */
async function openAlert(bot: Bot, click: Click, id: string): Promise<Alert | null> {
  const alert = await alertOf(bot, click, id);
  if (alert === null || isOpen(alert)) return alert;
  await bot.cards.onAlert(id, { redraw: true });
  await click.answer(refused(`That alert is no longer open: ${alertHeadline(alert)}.`));
  return null;
}

/** The alert if they may act on it; otherwise answers why not and returns null. */
async function alertOf(bot: Bot, click: Click, id: string): Promise<Alert | null> {
  const alert = await bot.pipeline.getAlert(id);
  if (alert === null) {
    await click.answer(refused('That alert no longer exists.'));
    return null;
  }
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseForModel(bot, { memberOf }, alert.model, 'manage its alerts');
  if (refusal !== null) await click.answer(refusal);
  return refusal === null ? alert : null;
}

/** The buttons and the menu of an alert's card. */
export const alertActions: readonly Action[] = [
  { id: actionIds.acknowledge, handle: acknowledgeAlert, audit: { command: 'acknowledge' } },
  {
    id: actionIds.muteAlert,
    handle: muteAlert,
    audit: { command: 'mute', describe: (value) => `${readableValue(value)} h` },
  },
  { id: actionIds.unmuteAlert, handle: unmuteAlert, audit: { command: 'unmute' } },
  { id: actionIds.acceptInputs, handle: acceptInputs, audit: { command: 'accept-inputs' } },
  {
    id: actionIds.alertRight,
    handle: rateAlert(true),
    audit: { command: 'rate', describe: (value) => `${value} right` },
  },
  {
    id: actionIds.alertWrong,
    handle: rateAlert(false),
    audit: { command: 'rate', describe: (value) => `${value} wrong` },
  },
];
