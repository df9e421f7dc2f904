import { modelConfig } from '../../core/model-config.ts';
import { endpointName } from '../../core/names.ts';
import type { ModelStatus } from '../../core/pipeline.ts';
import { hasEnded } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { currentProduction, deploymentHistory, versionBefore } from '../production.ts';

const MOST_RECENT = 5;

/** @throws {MlopsError} `MODEL_UNKNOWN`. */
export async function modelStatus(deps: FlowDeps, name: string): Promise<ModelStatus> {
  const config = modelConfig(deps.config, name);
  const [production, endpoint, history, runs, activeRuns, alerts] = await Promise.all([
    currentProduction(deps, name),
    deps.endpoints.describe(endpointName(name)),
    deploymentHistory(deps, name),
    deps.runs.list({ model: name, limit: MOST_RECENT }),
    deps.runs.list({ model: name, ended: false }),
    deps.alerts.list({ model: name, open: true }),
  ]);
  const run =
    history.find((each) => each.deployment?.configName === production?.configName) ?? history[0];
  return {
    name,
    config,
    production:
      production === null || run === undefined
        ? null
        : {
            version: production.registered,
            since: run.deployment?.verifiedAt ?? run.updatedAt,
            runId: run.id,
          },
    endpoint,
    rollbackTo: production === null ? null : versionBefore(history, production.version),
    activeRuns: activeRuns.filter((each) => !hasEnded(each)),
    recentRuns: runs,
    alerts,
  };
}
