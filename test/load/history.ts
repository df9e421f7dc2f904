import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import { type Config, defineConfig } from '../../pipeline/core/config.ts';
import { endpointConfigName } from '../../pipeline/core/names.ts';
import type { AuditLog, ModelRegistry, RunStore } from '../../pipeline/core/ports.ts';
import type { Deployment, Run } from '../../pipeline/core/run.ts';
import type { FakeEndpointHost } from '../fakes/fake-endpoint-host.ts';
import { anEntry } from '../fakes/samples.ts';

const samples = sampleRuns();
const HOUR = 3_600_000;
/** Records written at the same time. */
const AT_ONCE = 20;

/** A team with so many models, `model-1` and on. */
export function fleetConfig(models: number): Config {
  const names = Array.from({ length: models }, (_, index) => `model-${index + 1}`);
  return defineConfig({
    channel: '#ml-ops',
    operators: ['U0ADA'],
    models: Object.fromEntries(
      names.map((name) => [
        name,
        {
          title: `Classifier ${name}`,
          task: 'text-classification' as const,
          recipe: 'words',
          columns: { text: 'text', label: 'label' },
          gate: { minimum: 0.9 },
          approval: { mode: 'people' as const, approvers: ['U0GRACE'] },
        },
      ]),
    ),
  });
}

export interface History {
  readonly runs: readonly Run[];
  /** The configuration each model serves, by model. */
  readonly live: ReadonlyMap<string, Deployment>;
}

/**
 * `runs` ended runs that take turns over the models, one an hour until `now`. The two newest of each
 * model are deployments, so that the answers about a model have the same parts however long its
 * history is; of the others every second one was blocked by the gate.
 */
export function createHistory(options: {
  readonly config: Config;
  readonly runs: number;
  readonly now: Date;
}): History {
  const models = Object.keys(options.config.models);
  const count = options.runs;
  const live = new Map<string, Deployment>();
  const runs = Array.from({ length: count }, (_, index): Run => {
    const model = models[index % models.length] ?? '';
    const id = `${model}-${index.toString(36).padStart(8, '0')}`;
    const createdAt = new Date(options.now.getTime() - (count - index) * HOUR).toISOString();
    const turn = Math.floor(index / models.length);
    const isBlocked = index < count - 2 * models.length && turn % 2 === 1;
    const common = { id, model, createdAt, updatedAt: createdAt, endedAt: createdAt };
    if (isBlocked) return { ...sampleOf('blocked'), ...common };
    const run = sampleOf('deployed');
    const before = live.get(model);
    const to = (before?.to ?? 0) + 1;
    const deployment: Deployment = {
      ...deploymentOf(run),
      from: before?.to ?? null,
      fromConfigName: before?.configName ?? null,
      to,
      endpointName: model,
      configName: endpointConfigName(model, to, id),
      verifiedAt: createdAt,
    };
    live.set(model, deployment);
    return { ...run, ...common, version: to, deployment };
  });
  return { runs, live };
}

/** Puts the versions that the history deployed into the registry and on the endpoints. */
export async function publishHistory(
  history: History,
  stores: { readonly registry: ModelRegistry; readonly endpoints: FakeEndpointHost },
): Promise<void> {
  for (const { id, model, createdAt, version } of history.runs) {
    if (version === null) continue;
    await stores.registry.register(anEntry({ model, runId: id, createdAt }));
  }
  for (const [model, { to, configName }] of history.live) {
    await stores.endpoints.deploy({
      endpointName: model,
      configName,
      model,
      version: to,
      artifactKey: `runs/${configName}/model.tar.gz`,
      recipe: 'words',
      memoryMB: 2048,
      maxConcurrency: 5,
    });
  }
}

/** Writes the records, with one audit entry a run. */
export async function storeHistory(
  history: History,
  stores: { readonly runs: RunStore; readonly audit: AuditLog },
): Promise<void> {
  for (let start = 0; start < history.runs.length; start += AT_ONCE) {
    const some = history.runs.slice(start, start + AT_ONCE);
    await Promise.all(some.flatMap((run) => [stores.runs.create(run), appendEntry(run)]));
  }

  function appendEntry(run: Run): Promise<void> {
    return stores.audit.append({
      id: `slack:${run.id}`,
      at: run.createdAt,
      by: run.requestedBy,
      from: 'slack',
      action: 'retrain',
      model: run.model,
      what: run.model,
      outcome: { kind: 'ok' },
    });
  }
}

function sampleOf(name: 'blocked' | 'deployed'): Run {
  const run = samples[name];
  if (run === undefined) throw new Error(`There is no sample run “${name}”.`);
  return run;
}

function deploymentOf({ deployment }: Run): Deployment {
  if (deployment === null) throw new Error('The sample run has no deployment.');
  return deployment;
}
