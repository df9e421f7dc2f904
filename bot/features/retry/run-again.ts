import type { StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { nextAttempt } from '../../blocks/button.ts';
import { nothingToDo, startedAnswer, stopAnswer } from '../../blocks/started.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { sameAgain } from './same-again.ts';

export async function stopRun(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'stop a run');
  if (refusal !== null) return click.answer(refusal);
  const result = await bot.pipeline.stopRun({ runId: click.value, by: click.actor });
  await bot.cards.onEvent(result.run.id, { redraw: result.status !== 'stopping' });
  if (result.status !== 'stopping') await click.answer(stopAnswer(result));
}

/** No more waiting for a Spot machine: the run goes on with an on-demand one. */
export async function switchRunToOnDemand(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'switch a run to on-demand');
  if (refusal !== null) return click.answer(refusal);
  const result = await bot.pipeline.switchToOnDemand({ runId: click.value, by: click.actor });
  await bot.cards.onEvent(result.run.id, { redraw: result.status === 'too_late' });
  if (result.status === 'too_late') await click.answer(nothingToDo(result.run));
}

/** Runs the same thing once more: the training, or only the request for approval. */
export async function runAgain(bot: Bot, click: Click): Promise<void> {
  const run = await knownRun(bot, click);
  if (run === null) return;
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'start a run');
  if (refusal !== null) return click.answer(refusal);
  const request = againRequest(run, click);
  if (request !== null) return start(bot, click, request);
  await bot.cards.onEvent(run.id, { redraw: true });
  await click.answer(nothingToDo(run));
}

function againRequest(run: Run, click: Click): StartRun | null {
  const common = {
    requestId: `again:${run.id}`,
    model: run.model,
    requestedBy: click.actor,
    reason: run.reason,
  };
  const next = nextAttempt(run);
  if (next === 'promote' && run.version !== null) {
    return { ...common, kind: 'promote', version: run.version };
  }
  if (next !== 'retrain') return null;
  return sameAgain(run, { requestId: common.requestId, requestedBy: click.actor });
}

async function start(bot: Bot, click: Click, request: StartRun): Promise<void> {
  const started = await bot.pipeline.startRun(request);
  await bot.cards.onEvent(started.run.id);
  await click.answer(startedAnswer(started, bot.config.channel));
}

async function knownRun(bot: Bot, click: Click): Promise<Run | null> {
  const run = await bot.pipeline.getRun(click.value);
  if (run === null) await click.answer(refused('That run is not known (any more).'));
  return run;
}
