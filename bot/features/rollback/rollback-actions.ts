import { deployedVersion } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { nothingToDo, startedAnswer } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { confirmWithReason, tooOld } from '../../interaction/confirm-with-reason.ts';
import type { Form } from '../../interaction/form.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { tryToOpen } from '../../web-api/open-modal.ts';
import { planRollback } from './plan-rollback.ts';
import {
  type RollbackVersions,
  readRollbackChoice,
  readRollbackVersions,
  rollbackFormId,
  rollbackModal,
  rollbackQuestion,
  rollbackWords,
} from './rollback-modal.ts';
import { doneText } from './rolled-back-text.ts';
import { productionChanged, startRollback } from './start-rollback.ts';

/** The button on the Home tab and on an alert. */
async function askRollback(bot: Bot, click: Click): Promise<void> {
  const wanted = readRollbackVersions(click.value);
  return wanted === null ? click.replace(tooOld) : ask(bot, click, wanted);
}

/** The button on a run's card, which undoes its deployment. */
async function askRollbackOfRun(bot: Bot, click: Click): Promise<void> {
  const run = await bot.pipeline.getRun(click.value);
  if (run === null) return click.answer(refused('That run no longer exists.'));
  const from = deployedVersion(run);
  const to = run.deployment?.from ?? null;
  if (from !== null && to !== null) return ask(bot, click, { model: run.model, from, to });
  await bot.cards.onEvent(run.id, { redraw: true });
  await click.answer(nothingToDo(run));
}

/** Asks for confirmation and a reason in a modal or, if none opens, in a private message. */
async function ask(bot: Bot, click: Click, { model, from, to }: RollbackVersions): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseForModel(bot, { memberOf }, model, 'roll it back');
  if (refusal !== null) return click.answer(refusal);
  const { production, rolledBack } = await bot.pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  if (live !== from) {
    const done = rolledBack === null ? null : doneText(rolledBack, bot.clock.now());
    return click.answer(productionChanged(model, { from, live }, done));
  }
  const plan = await planRollback(bot, model, to);
  if (plan.underway !== null) {
    return click.answer(startedAnswer({ run: plan.underway, isNew: false }, bot.config.channel));
  }
  if (await tryToOpen(bot, () => click.openModal(rollbackModal(plan)))) return;
  await click.answer(rollbackQuestion(plan));
}

/** The form that confirms a rollback, and the button in the private message that replaces it. */
const confirmation = confirmWithReason({
  command: 'rollback',
  actionId: actionIds.rollBackNow,
  formId: rollbackFormId,
  isReasonOptional: true,
  readChoice: readRollbackChoice,
  wordsOf: rollbackWords,
  start: startRollback,
});

export const rollbackForm: Form = confirmation.form;

/** The buttons that ask for a rollback, and the one that confirms it. */
export const rollbackActions: readonly Action[] = [
  { id: actionIds.rollBack, handle: askRollbackOfRun, audit: { command: 'rollback' } },
  {
    id: actionIds.rollBackModel,
    handle: askRollback,
    audit: { command: 'rollback', describe: rollbackWords },
  },
  confirmation.action,
];
