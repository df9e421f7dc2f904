import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config, ConfigInput } from '../../pipeline/core/config.ts';
import { defineConfig } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { JobSpec, UnexpectedError } from '../../pipeline/core/ports.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
import type { Actor, ModelArtifact, Person, Run } from '../../pipeline/core/run.ts';
import { createPipeline } from '../../pipeline/flow/create-pipeline.ts';
import { onExecutionLost } from '../../pipeline/flow/execution-lost.ts';
import type { FlowDeps, Pace } from '../../pipeline/flow/flow-deps.ts';
import { onJobChanged } from '../../pipeline/flow/on-job-changed.ts';
import { createRunFlow, type RunInput } from '../../pipeline/flow/run-flow.ts';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import type {
  DurableEngine,
  DurableEngineOptions,
} from '../../pipeline/local/durable/durable-engine.ts';
import { createDurableEngine } from '../../pipeline/local/durable/engine.ts';
import {
  createFolderArtifactStore,
  type FolderArtifactStore,
} from '../../pipeline/local/folder-artifact-store.ts';
import { createSqliteAlertStore } from '../../pipeline/local/sqlite-alert-store.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteCallbackStore } from '../../pipeline/local/sqlite-callback-store.ts';
import { createSqliteGateLedgers } from '../../pipeline/local/sqlite-gate-ledgers.ts';
import { createSqliteLeases } from '../../pipeline/local/sqlite-leases.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { withRival } from '../fakes/alert-store-with-rival.ts';
import { createFakeDatasetPreparer } from '../fakes/fake-dataset-preparer.ts';
import { createFakeEndpointHost } from '../fakes/fake-endpoint-host.ts';
import { createFakeJobRunner, type JobOutcome } from '../fakes/fake-job-runner.ts';
import { createRecordingEventBus } from '../fakes/recording-event-bus.ts';
import { withStudio } from '../fakes/registry-with-studio.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { shortenSdkCooldown } from '../fakes/shorten-sdk-cooldown.ts';
import { createManualTime } from '../local/durable/harness.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { evaluationOutputs, trainingOutputs } from './job-outputs.ts';

export const ada: Person = { kind: 'person', id: 'U0ADA', name: 'Ada' };
export const grace: Person = { kind: 'person', id: 'U0GRACE', name: 'Grace' };
export const linus: Person = { kind: 'person', id: 'U0LINUS', name: 'Linus' };
export const kit: Person = { kind: 'person', id: 'U0KIT', name: 'Kit' };

type ModelInput = ConfigInput['models'][string];

export function aConfig(overrides: Partial<ModelInput> = {}): Config {
  return defineConfig({
    channel: '#ml-ops',
    operators: ['U0ADA', 'U0GRACE'],
    studioUsers: {
      'd-abc123def456/ada': 'U0ADA',
      'd-abc123def456/grace': 'U0GRACE',
      'd-abc123def456/linus': 'U0LINUS',
      'd-abc123def456/kit': 'U0KIT',
    },
    models: {
      spam: {
        title: 'Spam filter',
        task: 'text-classification',
        recipe: 'words',
        columns: { text: 'text', label: 'label' },
        gate: { minimum: 0.8 },
        approval: { mode: 'people', approvers: ['U0GRACE', 'U0LINUS'] },
        ...overrides,
      },
    },
  });
}

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the tests.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {
    base_model: { type: 'string', default: '', description: 'Where to start from.' },
    epochs: { type: 'integer', default: 3, minimum: 1, maximum: 20, description: 'Passes.' },
  },
};

const withoutCheckpoints: Recipe = { ...recipe, name: 'instant', checkpoints: false };

export interface WorldData {
  readonly database: Database;
  readonly artifacts: FolderArtifactStore;
  readonly pace: Pace;
  /** Milliseconds since 1970 at which the process begins. */
  readonly start: number;
  /** Another durable engine than the local one; it cannot be restarted. */
  readonly createEngine: (options: DurableEngineOptions) => WorldEngine;
}

type WorldEngine = Pick<DurableEngine, 'start' | 'isRunning' | 'succeedCallback' | 'idle'> &
  Partial<Pick<DurableEngine, 'close' | 'resume'>>;

export interface FlowWorld extends ReturnType<typeof createFlowWorld> {}

shortenSdkCooldown();

/**
 * A whole pipeline: the engine and the stores are the real local ones, jobs and endpoints do what
 * the test says, and time moves by hand. `data` is what an earlier process left.
 */
export function createFlowWorld(config: Config = aConfig(), data: Partial<WorldData> = {}) {
  const time = createManualTime(data.start);
  const { clock } = time;
  const {
    database = openDatabase(':memory:'),
    artifacts = createFolderArtifactStore({ root: temporaryFolder() }),
    pace = { jobPoll: 300, endpointPoll: 30, leasePoll: 60, watchCheck: 120 },
  } = data;
  const jobs = createFakeJobRunner({ clock: { now: clock.now, advance: () => {} } });
  const endpoints = createFakeEndpointHost();
  const preparer = createFakeDatasetPreparer(artifacts);
  const registry = withStudio(createSqliteModelRegistry({ database }));
  const runs = createSqliteRunStore({ database });
  const alerts = withRival(createSqliteAlertStore({ database }));
  const bus = createRecordingEventBus();
  const errors: UnexpectedError[] = [];
  const { createEngine = createDurableEngine } = data;
  const startEngine = (): WorldEngine =>
    createEngine({
      database,
      clock,
      scheduler: time.scheduler,
      random: () => 1,
      handler: (input: RunInput, context) => createRunFlow(deps)(input, context),
      onFailure: ({ name }) => onExecutionLost(deps, name),
    });
  let engine = startEngine();
  const deps: FlowDeps = {
    config,
    recipes: new Map([recipe, withoutCheckpoints].map((each) => [each.name, each])),
    clock,
    runs,
    callbacks: createSqliteCallbackStore({ database }),
    leases: createSqliteLeases({ database }),
    executions: {
      start: (execution) => engine.start(execution),
      isRunning: (name) => engine.isRunning(name),
      succeedCallback: (callbackId, payload) => engine.succeedCallback(callbackId, payload),
    },
    artifacts,
    preparer,
    jobs,
    registry,
    ledgers: createSqliteGateLedgers({ database }),
    endpoints,
    alerts,
    audit: createSqliteAuditLog({ database }),
    bus,
    logError: (entry) => void errors.push(entry),
    pace,
  };
  const pipeline = createPipeline(deps);
  let changes = Promise.resolve();
  jobs.onChange((name) => {
    changes = changes.then(() => onJobChanged(deps, name));
  });

  /** Lets everything that can happen without time passing happen. */
  const settle = async () => {
    await engine.idle();
    await changes;
    await engine.idle();
  };
  const quality: Quality = { candidate: 0.95, production: 0.95, anchor: 0.95, firstRow: 0 };
  preparer.answer(aPrepareReport());
  const complete = (spec: JobSpec) => completedJob(spec, quality, packed(spec, artifacts));
  jobs.plan(complete);
  endpoints.answer((body) => JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9 }]));

  return {
    ...deps,
    registry,
    jobs,
    endpoints,
    alerts,
    preparer,
    bus,
    /** What the log of the pipeline holds. */
    errors,
    time,
    pipeline,
    settle,
    /** The usual end of a job. */
    complete,
    /** Shares of held-out rows the models get right in later evaluations, and the first of these rows. */
    quality,
    run: async (id: string): Promise<Run> => {
      const run = await runs.get(id);
      if (run === null) throw new Error(`There is no run ${id}.`);
      return run;
    },
    /** The process ends and another one takes up what it left. */
    async restart() {
      await engine.close?.({ timeoutMilliseconds: 1000 });
      engine = startEngine();
      await engine.resume?.();
      await settle();
    },
    advance: (seconds: number) => time.advance(seconds * 1000, settle),
    async retrain(requestId: string, requestedBy: Actor = ada): Promise<string> {
      const { run } = await pipeline.startRun({
        kind: 'retrain',
        requestId,
        model: 'spam',
        requestedBy,
        reason: null,
        dataset: {
          key: `datasets/spam/${requestId}/mails.csv`,
          fileName: 'mails.csv',
          version: requestId,
          bytes: 2048,
        },
        hyperparameters: {},
      });
      await settle();
      return run.id;
    },
    async decide(
      runId: string,
      by: Actor,
      outcome: 'approved' | 'rejected' = 'approved',
      reason: string | null = outcome === 'rejected' ? 'not today' : null,
    ): ReturnType<Pipeline['decide']> {
      const run = await runs.get(runId);
      const result = await pipeline.decide({
        runId,
        digest: run?.approval?.digest ?? '',
        by,
        memberOf: by.kind === 'person' ? [by.id] : [],
        outcome,
        reason,
      });
      await settle();
      return result;
    },
    /** A run from dataset to production, its bake window over. */
    async deployed(requestId: string): Promise<string> {
      const id = await this.retrain(requestId);
      await this.decide(id, grace);
      await this.advance(3600);
      return id;
    },
  };
}

/** The archive a training job leaves: other bytes in each run. */
function packed({ runId, outputPrefix }: JobSpec, artifacts: FolderArtifactStore): ModelArtifact {
  const archive = {
    key: `${outputPrefix}model.tar.gz`,
    sha256: createHash('sha256').update(runId).digest('hex'),
    bytes: runId.length,
  };
  // A plan answers at once, so the file is there before the job has ended.
  const path = artifacts.path(archive.key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, runId);
  return archive;
}

/** Share of the held-out rows that each model gets right, and the number of the first row. */
interface Quality {
  candidate: number;
  production: number;
  anchor: number;
  /** Left out: none is fitted. */
  baseline?: number;
  firstRow: number;
}

function completedJob(spec: JobSpec, quality: Quality, modelArtifact: ModelArtifact): JobOutcome {
  if (spec.kind === 'train') {
    return {
      status: 'Completed',
      outputs: trainingOutputs(),
      modelArtifact,
      runningSeconds: 10,
    };
  }
  const production = spec.channels.production === undefined ? null : quality.production;
  return {
    status: 'Completed',
    outputs: evaluationOutputs({
      candidate: quality.candidate,
      firstRow: quality.firstRow,
      production,
      ...(spec.channels.anchor === undefined ? {} : { anchor: quality.anchor }),
      ...(quality.baseline === undefined ? {} : { baseline: quality.baseline }),
    }),
    runningSeconds: 5,
  };
}
