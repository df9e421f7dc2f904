import type { Bot } from '../bot.ts';
import { refuseRollback } from '../commands/rights.ts';
import { refused } from '../messages/answer.ts';
import { readRollbackChoice } from '../messages/rollback-question.ts';
import { startedAnswer } from '../messages/started.ts';
import type { Click } from './click.ts';

/** The button of `/mlops rollback` and of the Home tab: exactly from one version to another. */
export async function rollBackModel(bot: Bot, click: Click): Promise<void> {
  const choice = readRollbackChoice(click.value);
  if (choice === null)
    return click.replace(refused('This button is too old; give the command again.'));
  const { model, from, to, requestId } = choice;
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseRollback(bot, { memberOf }, model);
  if (refusal !== null) return click.replace(refusal);
  const { production } = await bot.pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  // v`to` being live already is this very button pressed before: startRun then finds that run.
  if (live !== from && live !== to) {
    return click.replace(
      refused(
        `${model} v${live} is in production now, no longer v${from}.`,
        'Look, and ask again.',
      ),
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
