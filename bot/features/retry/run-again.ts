import type { StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { nothingToDo, startedAnswer } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { nextAttempt, sameAgain } from './next-attempt.ts';
import { readRetry } from './retry-question.ts';

/** Repeats the training, or only the request for approval. */
async function runAgain(bot: Bot, click: Click): Promise<void> {
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
  if (run === null) await click.answer(refused('That run no longer exists.'));
  return run;
}

/** The button below the question whether to repeat a run that was blocked. */
async function repeatBlocked(bot: Bot, click: Click): Promise<void> {
  const asked = readRetry(click.value);
  const run = asked && (await bot.pipeline.getRun(asked.runId));
  if (asked === null || run === null) {
    return click.replace(refused('That run no longer exists.'));
  }
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'start a run');
  if (refusal !== null) return click.replace(refusal);
  const { requestId } = asked;
  const request = sameAgain(run, { requestId, requestedBy: click.actor });
  if (request === null) return click.replace(nothingToDo(run));
  const started = await bot.pipeline.startRun(request);
  await bot.cards.onEvent(started.run.id);
  await click.replace(startedAnswer(started, bot.config.channel));
}

/** The buttons that repeat an ended run. */
export const retryActions: readonly Action[] = [
  { id: actionIds.runAgain, handle: runAgain, audit: { command: 'retry' } },
  {
    id: actionIds.retryBlocked,
    handle: repeatBlocked,
    audit: { command: 'retry', describe: (value) => readRetry(value)?.runId ?? '' },
  },
];
