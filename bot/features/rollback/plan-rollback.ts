import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { deployedVersion, type Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { loadDiff } from '../versions/load-diff.ts';
import type { RollbackPlan } from './rollback-modal.ts';

/** How many deployments to search for when a version was live. */
const MAX_DEPLOYMENTS = 200;

/**
 * What the rollback would change, before anyone confirms it. `wanted`: null for the version that
 * was live before. @throws {MlopsError} `MODEL_UNKNOWN`, `VERSION_UNKNOWN`, `NOTHING_TO_ROLL_BACK`.
 */
export async function planRollback(
  { pipeline, clock }: { readonly pipeline: Pipeline; readonly clock: Clock },
  model: string,
  wanted: number | null,
): Promise<RollbackPlan> {
  const [status, deployments] = await Promise.all([
    pipeline.modelStatus(model),
    pipeline.listRuns({ model, deployed: true, limit: MAX_DEPLOYMENTS }),
  ]);
  const { production, rollbackTo, activeRuns, alerts, config } = status;
  const from = production?.version.version ?? null;
  const to = wanted ?? rollbackTo;
  if (production === null || from === null || to === null || from === to) {
    throw nothingToRollBack(model, from, to);
  }
  const diff = await loadDiff(pipeline, model, { from, to });
  const liveBefore = whenLive(deployments, to);
  if (liveBefore === null && to !== rollbackTo) throw neverLive(model, to);
  return {
    model,
    from,
    to,
    // The same for everyone who undoes this deployment, from Slack or the command line: it is undone once.
    requestId: `${production.runId} v${to}`,
    askedAt: clock.now().toISOString(),
    metric: config.gate.metric,
    diff,
    live: { from: { since: production.since }, to: liveBefore },
    alerts,
    overtaken: activeRuns.filter((run) => run.kind === 'retrain' && isWaitingForApproval(run)),
    underway: activeRuns.find((run) => run.kind === 'rollback' && run.version === to) ?? null,
  };
}

/** The last time the version was live; null when no recorded run shows it. */
function whenLive(deployments: readonly Run[], version: number): RollbackPlan['live']['to'] {
  const newestFirst = deployments
    .flatMap((run) => {
      const live = deployedVersion(run);
      const since = run.deployment?.verifiedAt ?? null;
      return live === null || since === null ? [] : [{ version: live, since }];
    })
    .sort((a, b) => b.since.localeCompare(a.since));
  const index = newestFirst.findIndex((each) => each.version === version);
  const last = newestFirst[index];
  return last === undefined
    ? null
    : { since: last.since, until: newestFirst[index - 1]?.since ?? null };
}

function nothingToRollBack(model: string, from: number | null, to: number | null): MlopsError {
  const why =
    from === null
      ? `${model} has nothing in production yet.`
      : from === to
        ? `${model} v${from} is already in production.`
        : `${model} v${from} is the first version in production, so there is nothing to roll back to.`;
  return new MlopsError('NOTHING_TO_ROLL_BACK', why, {
    hint: `/mlops versions ${model} lists the registered versions.`,
  });
}

function neverLive(model: string, version: number): MlopsError {
  return new MlopsError('NOTHING_TO_ROLL_BACK', `${model} v${version} was never live.`, {
    hint: `/mlops promote ${model} ${version} requests approval for it.`,
  });
}
