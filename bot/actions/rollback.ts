import type { Membership } from '../../pipeline/core/access.ts';
import type { Pipeline, StartedRun, StartRun } from '../../pipeline/core/pipeline.ts';
import { type Actor, deployedVersion, type Instant } from '../../pipeline/core/run.ts';
import type { Bot } from '../bot.ts';
import type { Reply } from '../commands/command.ts';
import { planRollback } from '../commands/plan-rollback.ts';
import { refuseRollback } from '../commands/rights.ts';
import { refused } from '../messages/answer.ts';
import { reasonField } from '../messages/reason.ts';
import {
  type RollbackChoice,
  type RollbackVersions,
  readRollbackChoice,
  readRollbackVersions,
  rollbackModal,
  rollbackQuestion,
} from '../messages/rollback-question.ts';
import { nothingToDo, startedAnswer } from '../messages/started.ts';
import { tryToOpen } from '../open-modal.ts';
import type { Click } from './click.ts';

const tooOld = refused('This button is too old; give the command again.');

/** The button of the Home tab and of an alert. */
export async function askRollback(bot: Bot, click: Click): Promise<void> {
  const wanted = readRollbackVersions(click.value);
  return wanted === null ? click.replace(tooOld) : ask(bot, click, wanted);
}

/** The button of a run's card: undoes its deployment. */
export async function askRollbackOfRun(bot: Bot, click: Click): Promise<void> {
  const run = await bot.pipeline.getRun(click.value);
  if (run === null) return click.answer(refused('That run is not known (any more).'));
  const from = deployedVersion(run);
  const to = run.deployment?.from ?? null;
  if (from !== null && to !== null) return ask(bot, click, { model: run.model, from, to });
  await bot.cards.onEvent(run.id, { redraw: true });
  await click.answer(nothingToDo(run));
}

/** Asks whether and why in a modal; where none opens, in a private message with a button. */
async function ask(bot: Bot, click: Click, { model, from, to }: RollbackVersions): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseRollback(bot, { memberOf }, model);
  if (refusal !== null) return click.answer(refusal);
  const plan = await planRollback(bot, model, to);
  if (plan.from !== from) return click.answer(changed(model, from, plan.from));
  if (plan.underway !== null) {
    return click.answer(startedAnswer({ run: plan.underway, isNew: false }, bot.config.channel));
  }
  if (await tryToOpen(() => click.openModal(rollbackModal(plan)))) return;
  await click.answer(rollbackQuestion(plan));
}

/** The button that stands for the form where no modal opened. */
export async function rollBackNow(bot: Bot, click: Click): Promise<void> {
  const choice = readRollbackChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const memberOf = await bot.people.memberOf(click.actor.id);
  const reason = click.entered(reasonField.block);
  await click.replace(await startRollback(bot, choice, { actor: click.actor, memberOf, reason }));
}

/** What came of the submitted form. */
export async function submitRollback(
  bot: Bot,
  submitted: { actor: Click['actor']; metadata: string; reason: string },
): Promise<Reply> {
  const { actor, metadata, reason } = submitted;
  const choice = readRollbackChoice(metadata);
  if (choice === null) return tooOld;
  return startRollback(bot, choice, {
    actor,
    reason,
    memberOf: await bot.people.memberOf(actor.id),
  });
}

/** Starts the rollback, unless they may not or something else went live since it was looked at. */
export async function startRollback(
  { config, pipeline, cards }: Pick<Bot, 'config' | 'pipeline' | 'cards'>,
  { model, from, to, requestId, askedAt }: RollbackChoice,
  by: { readonly actor: Actor; readonly memberOf: Membership; readonly reason: string | null },
): Promise<Reply> {
  const refusal = refuseRollback({ config }, by, model);
  if (refusal !== null) return refusal;
  const { production } = await pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  // v`to` being live already is this very request given before: startRun then finds that run.
  if (live !== from && live !== to) return changed(model, from, live);
  const request = {
    kind: 'rollback' as const,
    requestId: `rollback:${requestId}`,
    model,
    requestedBy: by.actor,
    reason: by.reason || null,
    version: to,
  };
  const started = await startAnew(pipeline, request, askedAt);
  await cards.onEvent(started.run.id);
  return { ...startedAnswer(started, config.channel), data: started };
}

/** Finds what the request has started before, unless that had failed when it was given. */
async function startAnew(
  pipeline: Pick<Pipeline, 'startRun'>,
  request: StartRun,
  askedAt: Instant,
): Promise<StartedRun> {
  const started = await pipeline.startRun(request);
  const { run, isNew } = started;
  const hasFailed = run.endedAt !== null && deployedVersion(run) === null;
  if (isNew || !hasFailed || (run.endedAt ?? '') > askedAt) return started;
  return startAnew(pipeline, { ...request, requestId: `rollback after ${run.id}` }, askedAt);
}

function changed(model: string, from: number, live: number | null): Reply {
  return refused(
    live === null
      ? `${model} has nothing in production now.`
      : `${model} v${live} is in production now, no longer v${from}.`,
    `Nothing was changed; /mlops rollback ${model} asks again.`,
  );
}
