import type { Membership } from '../../../pipeline/core/access.ts';
import type { Pipeline, StartedRun, StartRun } from '../../../pipeline/core/pipeline.ts';
import { type Actor, deployedVersion, type Instant } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { startedAnswer } from '../../blocks/started.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Reply } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import type { RollbackChoice } from './rollback-modal.ts';
import { doneText } from './rolled-back-text.ts';

/** Starts the rollback, unless the caller may not or something else has gone live since they asked. */
export async function startRollback(
  { config, pipeline, cards, clock }: Pick<Bot, 'config' | 'pipeline' | 'cards' | 'clock'>,
  { model, from, to, requestId, askedAt }: RollbackChoice,
  by: { readonly actor: Actor; readonly memberOf: Membership; readonly reason: string | null },
): Promise<Reply> {
  const refusal = refuseForModel({ config }, by, model, 'roll it back');
  if (refusal !== null) return refusal;
  const { production, rolledBack } = await pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  // v`to` is live if this request was made before; startRun then finds that run.
  if (live !== from && live !== to) {
    const done = rolledBack === null ? null : doneText(rolledBack, clock.now());
    return productionChanged(model, { from, live }, done);
  }
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

/** Starts the run, or finds the one this request started, unless that had failed by `askedAt`. */
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

/**
 * The refusal when something else has gone live since the versions were shown; `done` tells of the
 * rollback that somebody else made meanwhile.
 */
export function productionChanged(
  model: string,
  { from, live }: { readonly from: number; readonly live: number | null },
  done: string | null,
): Reply {
  return refused(
    live === null
      ? `${model} has nothing in production now.`
      : `${model} v${live} is in production now, not v${from}.`,
    done === null ? null : shown(done, 500),
    `Nothing was changed. Run /mlops rollback ${model} again.`,
  );
}
