import { join } from 'node:path';
import type { Config } from '../core/config.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Clock } from '../core/ports.ts';
import { watchEndpoints } from '../flow/alerts/watch-endpoints.ts';
import { createPipeline } from '../flow/create-pipeline.ts';
import { onExecutionLost } from '../flow/execution-lost.ts';
import type { FlowDeps, Pace } from '../flow/flow-deps.ts';
import { onEndpointChanged, onJobChanged } from '../flow/on-job-changed.ts';
import { createRunFlow, type RunInput } from '../flow/run-flow.ts';
import { createAlertWatch } from './alert-watch.ts';
import { type Database, openDatabase } from './database.ts';
import { createDurableEngine } from './durable/engine.ts';
import { createLocalEndpointHost } from './endpoint-host/local-endpoint-host.ts';
import { createFolderArtifactStore } from './folder-artifact-store.ts';
import { createInProcessEventBus, type InProcessEventBus } from './in-process-event-bus.ts';
import {
  createLocalJobRunner,
  type LocalJobPolicy,
  type LocalJobRunner,
} from './job-runner/local-job-runner.ts';
import { type Log, toErrorLog } from './log.ts';
import { acquireProcessLock } from './process-lock.ts';
import { createPythonDatasetPreparer } from './python-dataset-preparer.ts';
import type { Environment } from './python-process.ts';
import { readRecipes } from './read-recipes.ts';
import { resumePipeline } from './resume-pipeline.ts';
import { createSerialQueue } from './serial-queue.ts';
import { createSqliteAlertStore } from './sqlite-alert-store.ts';
import { createSqliteAuditLog } from './sqlite-audit-log.ts';
import { createSqliteCallbackStore } from './sqlite-callback-store.ts';
import { createSqliteGateLedgers } from './sqlite-gate-ledgers.ts';
import { createSqliteLeases } from './sqlite-leases.ts';
import { createSqliteModelRegistry } from './sqlite-model-registry.ts';
import { createSqliteRunStore } from './sqlite-run-store.ts';
import { after } from './timers.ts';

export interface LocalPipelineOptions {
  readonly config: Config;
  /** State, artifacts and work of this pipeline; one process at a time. */
  readonly dataFolder: string;
  readonly trainingFolder: string;
  readonly python: string;
  /** Allow-listed parts of it reach the Python processes. */
  readonly environment: Environment;
  /** Where the endpoints listen; the next free port when it is taken. */
  readonly endpointPort: number;
  readonly clock: Clock;
  readonly pace?: Partial<Pace>;
  readonly jobPolicy?: Partial<LocalJobPolicy>;
  /** Seconds between requests to an endpoint and the look at how they went (default 10). */
  readonly alertWatchSeconds?: number;
  readonly log: Log;
}

export interface LocalPipeline {
  readonly pipeline: Pipeline;
  readonly bus: InProcessEventBus;
  readonly database: Database;
  readonly artifacts: ReturnType<typeof createFolderArtifactStore>;
  readonly jobs: LocalJobRunner;
  /** Resumes everything an earlier process left: jobs, endpoints, parked runs. */
  resume(): Promise<void>;
  /** Lets jobs write their checkpoints and ends; the next process goes on from there. */
  close(): Promise<void>;
}

/** Events resume a parked run at once here, so these polls are only a safety net. */
const localPace: Pace = { jobPoll: 60, endpointPoll: 15, leasePoll: 15, watchCheck: 15 };

const ALERT_WATCH_SECONDS = 10;

const localJobPolicy: LocalJobPolicy = {
  maxConcurrentJobs: 1,
  capacityWaitSeconds: 3,
  gracePeriodSeconds: 20,
  warmIdleSeconds: 5 * 60,
};

/**
 * The whole pipeline on this machine: the same flow as on AWS, over SQLite, a folder and
 * subprocesses.
 * @throws {MlopsError} `CONFLICT` while another process uses the data folder.
 */
export async function createLocalPipeline(options: LocalPipelineOptions): Promise<LocalPipeline> {
  const { config, dataFolder, clock, log } = options;
  const lock = acquireProcessLock(dataFolder);
  const database = openDatabase(join(dataFolder, 'state.sqlite'));
  const artifacts = createFolderArtifactStore({ root: join(dataFolder, 'artifacts') });
  const python = {
    python: options.python,
    trainingFolder: options.trainingFolder,
    environment: options.environment,
    workFolder: join(dataFolder, 'work'),
  };
  const policy = { ...localJobPolicy, ...options.jobPolicy };
  const preparer = createPythonDatasetPreparer({ ...python, artifacts, log });
  await artifacts.recover();
  await preparer.recover();
  const bus = createInProcessEventBus({ log });
  const changes = createSerialQueue({ log });
  const jobs = createLocalJobRunner({
    ...python,
    database,
    artifacts,
    clock,
    policy,
    onChange: (name) => changes.add(name, () => onJobChanged(deps, name)),
    log,
  });
  const endpoints = await createLocalEndpointHost({
    ...python,
    database,
    artifacts,
    port: options.endpointPort,
    clock,
    onChange: (name) => changes.add(name, () => onEndpointChanged(deps, name)),
    onTraffic: () => alerts.onTraffic(),
    log,
  });
  const engine = createDurableEngine({
    database,
    clock,
    handler: (input: RunInput, context) => createRunFlow(deps)(input, context),
    onFailure: ({ name }) => onExecutionLost(deps, name),
    log: ({ message, execution, error }) => log({ message, error, about: execution ?? 'engine' }),
  });
  const deps: FlowDeps = {
    config,
    recipes: readRecipes(options.trainingFolder),
    clock,
    runs: createSqliteRunStore({
      database,
      onBroken: (id) =>
        log({ about: id, message: 'The record of this run is damaged: set aside.' }),
    }),
    callbacks: createSqliteCallbackStore({ database }),
    leases: createSqliteLeases({ database }),
    executions: engine,
    artifacts,
    preparer,
    jobs,
    registry: createSqliteModelRegistry({
      database,
      onBroken: (id) =>
        log({ about: id, message: 'The registered version of this run is damaged: set aside.' }),
    }),
    ledgers: createSqliteGateLedgers({ database }),
    endpoints,
    alerts: createSqliteAlertStore({ database }),
    audit: createSqliteAuditLog({ database }),
    bus,
    logError: toErrorLog(log),
    pace: { ...localPace, ...options.pace },
  };
  const alerts = createAlertWatch({
    watch: () => watchEndpoints(deps),
    seconds: options.alertWatchSeconds ?? ALERT_WATCH_SECONDS,
    clock,
    log,
  });
  // A new mute may be the next one to end.
  bus.subscribe((event) => {
    if (event.type === 'AlertsMuted') alerts.look();
  });
  // Preparing the dataset takes a second in which the packages of the recipe can be imported. Starting
  // a process holds this one up, so it comes after the one that prepares.
  bus.subscribe((event) => {
    if (event.type === 'RunStarted' && event.kind === 'retrain')
      after(0.1, () => jobs.warmUp({ kind: 'train', recipe: event.recipe }));
  });
  const pipeline = createPipeline(deps);

  return {
    pipeline,
    bus,
    database,
    artifacts,
    jobs,
    async resume() {
      await endpoints.recover();
      await jobs.recover();
      if (policy.warmIdleSeconds > 0) preparer.keepWarm();
      await resumePipeline(deps, { engine, log });
      alerts.look();
    },
    async close() {
      await engine.close({ timeoutMilliseconds: 5_000 });
      await alerts.close();
      await jobs.close();
      await preparer.close();
      await endpoints.close();
      await changes.idle();
      await bus.idle();
      database.close();
      lock.release();
    },
  };
}
