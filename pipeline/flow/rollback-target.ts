import { nothingBefore, nothingLive, refuseRollback } from '../core/rollback/refuse-rollback.ts';
import type { FlowDeps } from './flow-deps.ts';
import { currentProduction, liveDeployment } from './production.ts';
import { requireVersion } from './require-version.ts';

type Deps = Pick<FlowDeps, 'registry' | 'runs' | 'endpoints'>;

/**
 * Where a rollback goes; `wanted` is null for the version that was live before.
 * @throws {MlopsError} `NOTHING_TO_ROLL_BACK`, `VERSION_UNKNOWN`.
 */
export async function rollbackTarget(
  deps: Deps,
  model: string,
  wanted: number | null,
): Promise<number> {
  const production = await currentProduction(deps, model);
  if (production === null) throw nothingLive(model);
  const version = wanted ?? (await liveDeployment(deps, model, production)).rollbackTo;
  if (version === null) throw nothingBefore(model);
  await requireRollbackTarget(deps, model, { live: production.version, version });
  return version;
}

/** @throws {MlopsError} `NOTHING_TO_ROLL_BACK`, `VERSION_UNKNOWN`. */
export async function requireRollbackTarget(
  deps: Deps,
  model: string,
  { live, version }: { readonly live: number | null; readonly version: number },
): Promise<void> {
  const target = await requireVersion(deps, model, version);
  const records = { getRun: deps.runs.get, listRuns: deps.runs.list };
  const refusal = await refuseRollback(records, live, target);
  if (refusal !== null) throw refusal;
}
