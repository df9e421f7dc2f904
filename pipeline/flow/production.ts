import type { ModelConfig } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import { endpointName, versionOfConfig } from '../core/names.ts';
import type { EndpointConfig, EndpointDescription, RegisteredVersion } from '../core/ports.ts';
import { deployedVersion, type Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'endpoints' | 'registry' | 'runs'>;

/** What the endpoint serves now, according to the endpoint itself. */
export interface Production {
  readonly version: number;
  readonly configName: string;
  readonly registered: RegisteredVersion;
  readonly endpoint: EndpointDescription;
}

export async function currentProduction(deps: Deps, model: string): Promise<Production | null> {
  const endpoint = await deps.endpoints.describe(endpointName(model));
  const configName = endpoint?.configName ?? null;
  if (endpoint === null || configName === null) return null;
  const version = versionOfConfig(configName);
  const registered = version === null ? null : await deps.registry.get(model, version);
  return version === null || registered === null
    ? null
    : { version, configName, registered, endpoint };
}

/** How many deployments a rollback can go back. */
const MOST_DEPLOYMENTS = 200;

/** Runs that put a verified version live, newest first; failed runs since then do not count. */
export async function deploymentHistory(deps: Deps, model: string): Promise<readonly Run[]> {
  const runs = await deps.runs.list({ model, deployed: true, limit: MOST_DEPLOYMENTS });
  return [...runs].sort((a, b) => verifiedAt(b).localeCompare(verifiedAt(a)));
}

const verifiedAt = (run: Run) => run.deployment?.verifiedAt ?? '';

/** The version that was live before `current`; null when there was none. */
export function versionBefore(history: readonly Run[], current: number): number | null {
  return (
    history.map(deployedVersion).find((version) => version !== null && version !== current) ?? null
  );
}

/** The version the run is about. @throws {MlopsError} `VERSION_UNKNOWN` when the registry lost it. */
export async function versionOfRun(
  { registry }: Pick<FlowDeps, 'registry'>,
  { model, version }: Run,
): Promise<RegisteredVersion> {
  const registered = version === null ? null : await registry.get(model, version);
  if (registered !== null) return registered;
  throw new MlopsError('VERSION_UNKNOWN', `${model} no longer has version ${version ?? ''}.`);
}

export function endpointConfigOf(
  config: ModelConfig,
  version: RegisteredVersion,
  configName: string,
): EndpointConfig {
  return {
    endpointName: endpointName(version.model),
    configName,
    model: version.model,
    version: version.version,
    artifactKey: version.artifact.key,
    recipe: version.recipe,
    memoryMB: config.serving.memoryMB,
    maxConcurrency: config.serving.maxConcurrency,
  };
}
