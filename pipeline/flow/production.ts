import type { ModelConfig } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import { endpointName, runOfConfig, versionOfConfig } from '../core/names.ts';
import type { EndpointConfig, EndpointDescription, RegisteredVersion } from '../core/ports.ts';
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
  /** The newest version before it that nobody rolled back; null when there is none. */
  readonly rollbackTo: number | null;
}

/**
 * The last proven deployment of the model and the version before it. Each record names the
 * configuration it replaced, so this reads two records, however long the history is; none of those
 * in `known`.
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
  for await (const each of deploymentsBackFrom(deps, find, model, configName)) {
    run ??= each;
    const deployed = deployedVersion(each);
    const isGood = deployed !== null && !undone.has(deployed);
    if (deployed !== version && isGood) return { run, rollbackTo: deployed };
    undone.add(each);
  }
  return { run, rollbackTo: null };
}

/**
 * Whether people rolled the version back, or it was put back because it did not work, and nobody
 * approved it since; `history` is newest first. Going to it again is a promotion, with an approval.
 */
export function wasRolledBack(history: readonly Run[], version: number): boolean {
  const undone = createUndone();
  for (const run of history) undone.add(run);
  return undone.has(version);
}

/**
 * Versions that left production for a reason, from deployments given newest first: by a rollback, or
 * because they did not work when they took the place of a deployment.
 */
function createUndone() {
  const undone = new Set<number>();
  const approvedSince = new Set<number>();
  function addUnlessApproved(version: number): void {
    if (!approvedSince.has(version)) undone.add(version);
  }
  return {
    has: (version: number) => undone.has(version),
    add({ kind, deployment }: Run): void {
      if (deployment === null) return;
      const { from, to, refuted = [] } = deployment;
      for (const { version } of refuted) addUnlessApproved(version);
      if (kind !== 'rollback') approvedSince.add(to);
      else if (from !== null && from !== to) addUnlessApproved(from);
    },
  };
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

/** How many deployments a rollback can go back. */
const MOST_DEPLOYMENTS = 200;

/** Runs that put a verified version live, newest first; failed runs since then do not count. */
export async function deploymentHistory(deps: Deps, model: string): Promise<readonly Run[]> {
  const runs = await deps.runs.list({ model, deployed: true, limit: MOST_DEPLOYMENTS });
  return [...runs].sort((a, b) => verifiedAt(b).localeCompare(verifiedAt(a)));
}

const verifiedAt = (run: Run) => run.deployment?.verifiedAt ?? '';

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
