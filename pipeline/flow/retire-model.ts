import { endpointName } from '../core/names.ts';
import { newestDeploymentFirst } from '../core/rollback/undone.ts';
import { liveVersion, type Run, type RunId } from '../core/run.ts';
import { endRetired } from './alerts/end-retired.ts';
import { endRun } from './end-run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { currentProduction, liveDeployment } from './production.ts';
import { record } from './record.ts';
import { refuseOther, refuseWhileActive } from './retired-version.ts';
import { type BaseContext, type Ending, failed, failureOf, stopped } from './run-context.ts';
import { holdLease, releaseLease } from './stages/lease.ts';

/**
 * The flow of a run that takes a model out of production. Needs no configuration of the model, and
 * may begin again in a recovery: every step is safe to repeat.
 */
export async function retireModel(context: BaseContext): Promise<Ending> {
  const ending = await retire(context).catch((error: unknown) => failed(failureOf(context, error)));
  await endRun(context, ending);
  await releaseLease(context, 'at the end');
  return ending;
}

async function retire(context: BaseContext): Promise<Ending> {
  const { runId, model, deps } = context;
  await context.record('begin retire', { type: 'StageStarted', runId, stage: 'retire' });
  if ((await holdLease(context, 'retirement')).stopRequested) return stopped;
  const plan = await context.step('check what is live', () => check(context));
  await context.step('remove endpoint', async () => {
    await deps.endpoints.remove(endpointName(model));
    return null;
  });
  await context.step('note retirement', async () => {
    const { requestedBy: person, reason } = await loadRun(deps, runId);
    if (plan.liveRun !== null) {
      const told = { by: runId, person, reason: reason ?? '' };
      await record(deps, { type: 'DeploymentRetired', runId: plan.liveRun, ...told });
    }
    await endRetired(deps, model);
    return null;
  });
  return { outcome: 'retired', failure: null };
}

/** A run that began since the request must not lose its endpoint; another version is not removed. */
async function check({ runId, model, deps }: BaseContext): Promise<{ liveRun: RunId | null }> {
  const endpoint = await deps.endpoints.describe(endpointName(model));
  if (endpoint !== null) {
    await refuseWhileActive(deps, model, runId);
    const { version } = await loadRun(deps, runId);
    refuseOther(model, version, endpoint.configName);
  }
  return { liveRun: (await liveRun(deps, model))?.id ?? null };
}

/** Also when the endpoint has been removed already, by an execution that was cut off. */
async function liveRun(deps: FlowDeps, model: string): Promise<Run | null> {
  const production = await currentProduction(deps, model);
  if (production !== null) return (await liveDeployment(deps, model, production)).run;
  const deployed = await deps.runs.list({ model, deployed: true, limit: 5 });
  return newestDeploymentFirst(deployed).find((run) => liveVersion(run) !== null) ?? null;
}
