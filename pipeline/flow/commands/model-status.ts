import { modelConfig } from '../../core/model-config.ts';
import { endpointName } from '../../core/names.ts';
import type { ModelStatus } from '../../core/pipeline.ts';
import { markOf } from '../../core/rollback/version-mark.ts';
import { hasEnded } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { liveDeployment, productionOf } from '../production.ts';

const MOST_RECENT = 5;

/** @throws {MlopsError} `MODEL_UNKNOWN`. */
export async function modelStatus(deps: FlowDeps, name: string): Promise<ModelStatus> {
  const config = modelConfig(deps.config, name);
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
    config,
    production:
      production === null || live === null || live.run === null
        ? null
        : {
            version: production.registered,
            since: live.run.deployment?.verifiedAt ?? live.run.updatedAt,
            runId: live.run.id,
          },
    endpoint,
    rollbackTo: live?.rollbackTo ?? null,
    rolledBack: live?.run ? markOf(live.run) : null,
    activeRuns: activeRuns.filter((each) => !hasEnded(each)),
    recentRuns: runs,
    alerts,
  };
}
