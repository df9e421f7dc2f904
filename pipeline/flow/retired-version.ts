import { eachRun } from '../core/each-run.ts';
import { MlopsError } from '../core/errors.ts';
import { endpointName, versionOfConfig } from '../core/names.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * The version that a retirement takes out of production; null where the endpoint serves none of ours.
 * @throws {MlopsError} `CONFLICT` when a run is active, nothing serves, or something else does.
 */
export async function retiredVersion(
  deps: Pick<FlowDeps, 'endpoints' | 'runs'>,
  model: string,
  configName: string | null,
): Promise<number | null> {
  await refuseWhileActive(deps, model);
  const endpoint = await deps.endpoints.describe(endpointName(model));
  if (endpoint === null) throw new MlopsError('CONFLICT', `${model} has no endpoint to remove.`);
  const version = configName === null ? null : versionOfConfig(configName);
  refuseOther(model, version, endpoint.configName);
  return version;
}

/** @throws {MlopsError} `CONFLICT` when the endpoint serves another version than was asked about. */
export function refuseOther(
  model: string,
  version: number | null,
  configName: string | null,
): void {
  if ((configName === null ? null : versionOfConfig(configName)) === version) return;
  throw new MlopsError('CONFLICT', `Something else of ${model} is live now.`, {
    hint: `Nothing was changed. Run /mlops retire ${model} again.`,
  });
}

/** @throws {MlopsError} `CONFLICT` while another run of the model than `except` has not ended. */
export async function refuseWhileActive(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
  except: string | null = null,
): Promise<void> {
  for await (const { id } of eachRun(runs.list, { model, ended: false })) {
    if (id === except) continue;
    throw new MlopsError('CONFLICT', `A run of ${model} is active: ${id}.`, {
      hint: `Nothing was changed. /mlops stop ${id} ends it; then /mlops retire ${model} again.`,
    });
  }
}
