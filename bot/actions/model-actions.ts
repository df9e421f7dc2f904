import type { Bot } from '../bot.ts';
import { refuseOperator, refuseRollback } from '../commands/rights.ts';
import { answer } from '../messages/answer.ts';
import { readRollbackChoice } from '../messages/rollback-question.ts';
import { startedAnswer } from '../messages/started.ts';
import type { Click } from './click.ts';
import { publishHome } from './home.ts';

/** The button of `/mlops rollback` and of the Home tab: exactly from one version to another. */
export async function rollBackModel(bot: Bot, click: Click): Promise<void> {
  const choice = readRollbackChoice(click.value);
  if (choice === null)
    return click.replace(answer('This button is too old; give the command again.'));
  const { model, from, to, requestId } = choice;
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseRollback(bot, { memberOf }, model);
  if (refusal !== null) return click.replace(refusal);
  const { production } = await bot.pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  // v`to` being live already is this very button pressed before: startRun then finds that run.
  if (live !== from && live !== to) {
    return click.replace(
      answer(`${model} v${live} is in production now, no longer v${from}.`, 'Look, and ask again.'),
    );
  }
  const started = await bot.pipeline.startRun({
    kind: 'rollback',
    requestId: `rollback:${requestId}`,
    model,
    requestedBy: click.actor,
    reason: null,
    version: to,
  });
  await bot.cards.onEvent(started.run.id);
  await click.replace(startedAnswer(started, bot.config.channel));
}

/** From the Home tab: trains with the newest dataset, once per Home tab as it was shown. */
export async function retrainModel(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'retrain a model');
  if (refusal !== null) return click.answer(refusal);
  const started = await bot.pipeline.startRun({
    kind: 'retrain',
    requestId: `home:${click.home?.hash ?? click.triggerId}`,
    model: click.value,
    requestedBy: click.actor,
    reason: null,
    dataset: null,
    hyperparameters: {},
  });
  await bot.cards.onEvent(started.run.id);
  await click.answer(startedAnswer(started, bot.config.channel));
  await publishHome(bot, click.actor.id, click.value);
}
