import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
import { createPipeline } from '../../pipeline/flow/create-pipeline.ts';
import type { FlowDeps } from '../../pipeline/flow/flow-deps.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteAlertStore } from '../../pipeline/local/sqlite-alert-store.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { createFakeEndpointHost } from '../fakes/fake-endpoint-host.ts';
import { unset } from '../fakes/unset.ts';
import { createHistory, fleetConfig, publishHistory, storeHistory } from './history.ts';

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the tests.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

type Stores = Pick<FlowDeps, 'runs' | 'audit' | 'alerts' | 'registry'>;

/** A fleet with a history, to be asked about; nothing runs in it. */
export async function createFleetWorld(options: {
  readonly models: number;
  readonly runs: number;
  readonly clock: Clock;
  readonly stores: Stores;
}): Promise<{ readonly deps: FlowDeps; readonly pipeline: Pipeline }> {
  const { clock, stores } = options;
  const config = fleetConfig(options.models);
  const endpoints = createFakeEndpointHost();
  const history = createHistory({ config, runs: options.runs, now: clock.now() });
  await publishHistory(history, { ...stores, endpoints });
  await storeHistory(history, stores);
  const missing = () => unset('a part that answers need');
  const deps: FlowDeps = {
    ...stores,
    config,
    recipes: new Map([[recipe.name, recipe]]),
    clock,
    endpoints,
    callbacks: { park: missing, parked: missing },
    leases: { acquire: missing, release: missing },
    executions: { start: missing, isRunning: missing, succeedCallback: missing },
    artifacts: { put: missing, get: missing, sha256: missing, putStream: missing, list: missing },
    ledgers: { get: missing, put: missing },
    preparer: { prepare: missing },
    jobs: {
      codeVersion: missing,
      start: missing,
      describe: missing,
      stop: missing,
      output: missing,
      logs: missing,
    },
    bus: { publish: missing },
    logError: missing,
    pace: { jobPoll: 300, endpointPoll: 30, leasePoll: 60, watchCheck: 120 },
  };
  return { deps, pipeline: createPipeline(deps) };
}

/** The stores of this machine; `path` may be `:memory:`. */
export function createSqliteStores(path: string): Stores & { close(): void } {
  const database = openDatabase(path);
  return {
    runs: createSqliteRunStore({ database }),
    audit: createSqliteAuditLog({ database }),
    alerts: createSqliteAlertStore({ database }),
    registry: createSqliteModelRegistry({ database }),
    close: () => database.close(),
  };
}
