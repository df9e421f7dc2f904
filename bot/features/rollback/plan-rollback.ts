import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Clock } from '../../../pipeline/core/ports.ts';
import {
  MOST_DEPLOYMENTS,
  nothingLive,
  refuseRollback,
} from '../../../pipeline/core/rollback/refuse-rollback.ts';
import type { VersionMark } from '../../../pipeline/core/rollback/version-mark.ts';
import { deployedVersion, type Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { loadDiff } from '../versions/load-diff.ts';
import type { RollbackPlan } from './rollback-modal.ts';
import { doneText } from './rolled-back-text.ts';

interface Tools {
  readonly pipeline: Pipeline;
  readonly clock: Clock;
}

/**
 * What the rollback would change, before anyone confirms it. `wanted`: null for the version that
 * was live before. @throws {MlopsError} `MODEL_UNKNOWN`, `VERSION_UNKNOWN`, `NOTHING_TO_ROLL_BACK`.
 */
export async function planRollback(
  { pipeline, clock }: Tools,
  model: string,
  wanted: number | null,
): Promise<RollbackPlan> {
  const [status, deployments] = await Promise.all([
    pipeline.modelStatus(model),
    pipeline.listRuns({ model, deployed: true, limit: MOST_DEPLOYMENTS }),
  ]);
  const { production, rollbackTo, rolledBack, activeRuns, alerts, config } = status;
  if (production === null) throw nothingLive(model);
  const from = production.version.version;
  const to = wanted ?? rollbackTo;
  if (to === null) throw nothingBefore(model, from, rolledBack, clock.now());
  const diff = await loadDiff(pipeline, model, { from, to });
  const target = await pipeline.getVersion(model, to);
  // The status has judged its own proposal.
  const refusal =
    target === null || to === rollbackTo ? null : await refuseRollback(pipeline, from, target);
  if (refusal !== null) throw refusal;
  return {
    model,
    from,
    to,
    // The same for everyone who undoes this deployment, from Slack or the command line: it is undone once.
    requestId: `${production.runId} v${to}`,
    askedAt: clock.now().toISOString(),
    metric: config.gate.metric,
    diff,
    live: { from: { since: production.since }, to: whenLive(deployments, to) },
    alerts,
    rolledBack,
    overtaken: activeRuns.filter((run) => run.kind === 'retrain' && isWaitingForApproval(run)),
    underway: activeRuns.find((run) => isUnderway(run, to)) ?? null,
  };
}

/** Somebody's rollback to the version, or one to another version that is not live yet. */
function isUnderway({ kind, version, deployment }: Run, to: number): boolean {
  return kind === 'rollback' && (version === to || deployment?.verifiedAt == null);
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

/** Whoever asks second in an alert learns what the first person did. */
function nothingBefore(
  model: string,
  from: number,
  rolledBack: VersionMark | null,
  now: Date,
): MlopsError {
  const hint = `/mlops versions ${model} lists the registered versions.`;
  if (rolledBack === null) {
    const why = `${model} v${from} is the first version in production, so there is nothing to roll back to.`;
    return new MlopsError('NOTHING_TO_ROLL_BACK', why, { hint });
  }
  const { version } = rolledBack;
  return new MlopsError(
    'NOTHING_TO_ROLL_BACK',
    `${doneText(rolledBack, now)} There is no earlier version to go back to.`,
    { hint: `/mlops promote ${model} ${version} requests a new approval for v${version}. ${hint}` },
  );
}
