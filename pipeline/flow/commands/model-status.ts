import { hasModel, modelConfig } from '../../core/model-config.ts';
import { endpointName } from '../../core/names.ts';
import type { ModelStanding, ModelStatus } from '../../core/pipeline.ts';
import type { RegisteredVersion } from '../../core/ports.ts';
import { newestDeploymentFirst } from '../../core/rollback/undone.ts';
import { markOf } from '../../core/rollback/version-mark.ts';
import { hasEnded, type Retirement, type Run } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { liveDeployment, productionOf } from '../production.ts';

const MOST_RECENT = 5;

/** @throws {MlopsError} `MODEL_UNKNOWN`. */
export async function modelStatus(deps: FlowDeps, name: string): Promise<ModelStatus> {
  const config = modelConfig(deps.config, name);
  return { ...(await standingOf(deps, name)), config };
}

/** @throws {MlopsError} `MODEL_UNKNOWN` when the model is not configured and has no run. */
export async function modelStanding(deps: FlowDeps, name: string): Promise<ModelStanding> {
  const isKnown =
    hasModel(deps.config, name) || (await deps.runs.list({ model: name, limit: 1 })).length > 0;
  if (!isKnown) modelConfig(deps.config, name);
  return standingOf(deps, name);
}

async function standingOf(deps: FlowDeps, name: string): Promise<ModelStanding> {
  const [endpoint, runs, activeRuns, alerts] = await Promise.all([
    deps.endpoints.describe(endpointName(name)),
    deps.runs.list({ model: name, limit: MOST_RECENT }),
    deps.runs.list({ model: name, ended: false }),
    deps.alerts.list({ model: name, open: true }),
  ]);
  const production = await productionOf(deps, name, endpoint);
  const live = production && (await liveDeployment(deps, name, production, runs));
  return {
    name,
    production:
      production === null || live === null || live.run === null
        ? null
        : {
            version: production.registered,
            since: live.run.deployment?.verifiedAt ?? live.run.updatedAt,
            runId: live.run.id,
          },
    endpoint,
    retired: endpoint === null ? await retirement(deps, name) : null,
    rollbackTo: live?.rollbackTo ?? null,
    rolledBack: live?.run ? markOf(live.run) : null,
    ...((await countsNoInputs(deps, production?.registered ?? null, runs))
      ? { countsNoInputs: true as const }
      : {}),
    activeRuns: activeRuns.filter((each) => !hasEnded(each)),
    recentRuns: runs,
    alerts,
  };
}

/** Whether the version's evaluation kept no histograms that its inputs could be compared with. */
async function countsNoInputs(
  deps: Pick<FlowDeps, 'runs'>,
  version: RegisteredVersion | null,
  known: readonly Run[],
): Promise<boolean> {
  if (version === null) return false;
  const run = known.find(({ id }) => id === version.runId) ?? (await deps.runs.get(version.runId));
  return run !== null && run.hasReference !== true;
}

/** Whether the last deployment ended with a retirement. */
async function retirement(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
): Promise<Retirement | null> {
  const deployed = await runs.list({ model, deployed: true, limit: MOST_RECENT });
  return newestDeploymentFirst(deployed)[0]?.deployment?.retired ?? null;
}
