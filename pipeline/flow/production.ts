import type { ModelConfig } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import { endpointName, runOfConfig, versionOfConfig } from '../core/names.ts';
import type { EndpointConfig, EndpointDescription, RegisteredVersion } from '../core/ports.ts';
import { MOST_DEPLOYMENTS } from '../core/rollback/refuse-rollback.ts';
import { createUndone, newestDeploymentFirst } from '../core/rollback/undone.ts';
import { deployedVersion, type Run, type RunId } from '../core/run.ts';
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
  return productionOf(deps, model, await deps.endpoints.describe(endpointName(model)));
}

/** The same of an endpoint that has been described. */
export async function productionOf(
  deps: Pick<Deps, 'registry'>,
  model: string,
  endpoint: EndpointDescription | null,
): Promise<Production | null> {
  const configName = endpoint?.configName ?? null;
  if (endpoint === null || configName === null) return null;
  const version = versionOfConfig(configName);
  const registered = version === null ? null : await deps.registry.get(model, version);
  return version === null || registered === null
    ? null
    : { version, configName, registered, endpoint };
}

export interface LiveDeployment {
  /** The run that put the version live, or the last proven one while a newer is not proven yet. */
  readonly run: Run | null;
  /**
   * The version that was live last of those a rollback may go to, see `refuseRollback`; null when
   * there is none.
   */
  readonly rollbackTo: number | null;
}

/**
 * The last proven deployment of the model and where a rollback would go. Each record names the
 * configuration it replaced, so this reads two records and one version, however long the history is;
 * no record of those in `known`.
 */
export async function liveDeployment(
  deps: Deps,
  model: string,
  { version, configName }: Pick<Production, 'version' | 'configName'>,
  known: readonly Run[] = [],
): Promise<LiveDeployment> {
  const find = async (id: RunId) => known.find((each) => each.id === id) ?? deps.runs.get(id);
  let run: Run | null = null;
  const undone = createUndone();
  const refused = new Set<number>();
  for await (const each of deploymentsBackFrom(deps, find, model, configName)) {
    run ??= each;
    const deployed = deployedVersion(each) ?? version;
    // A rollback only goes back; anything newer asks for approval.
    if (deployed < version && !undone.has(deployed) && !refused.has(deployed)) {
      const target = await deps.registry.get(model, deployed);
      const isGood = target?.rolledBackBy === null && target.approval !== 'Rejected';
      if (isGood) return { run, rollbackTo: deployed };
      refused.add(deployed);
    }
    undone.add(each);
  }
  return { run, rollbackTo: null };
}

/**
 * Proven deployments, newest first, by the configurations that replaced each other. Where a record
 * is missing or somebody changed the endpoint by hand, it goes on with the list of all.
 */
async function* deploymentsBackFrom(
  deps: Deps,
  find: (id: RunId) => Promise<Run | null>,
  model: string,
  configName: string,
) {
  let name: string | null = configName;
  const seen = new Set<string>();
  while (name !== null) {
    const runId = runOfConfig(model, name);
    const run: Run | null = runId === null ? null : await find(runId);
    if (run?.deployment?.configName !== name || seen.has(run.id)) {
      for (const each of await deploymentHistory(deps, model)) if (!seen.has(each.id)) yield each;
      return;
    }
    seen.add(run.id);
    if (deployedVersion(run) !== null) yield run;
    name = run.deployment.fromConfigName;
  }
}

/** Runs that put a verified version live, newest first; failed runs since then do not count. */
async function deploymentHistory(deps: Deps, model: string): Promise<readonly Run[]> {
  return newestDeploymentFirst(
    await deps.runs.list({ model, deployed: true, limit: MOST_DEPLOYMENTS }),
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
  serving: ModelConfig['serving'],
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
    memoryMB: serving.memoryMB,
    maxConcurrency: serving.maxConcurrency,
  };
}
