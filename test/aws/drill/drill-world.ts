import { createHash } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { createAwsClients } from '../../../pipeline/aws/clients.ts';
import { createAwsDeps } from '../../../pipeline/aws/create-aws-deps.ts';
import { createEventHandler } from '../../../pipeline/aws/lambda/create-event-handler.ts';
import { createTelemetry } from '../../../pipeline/aws/lambda/telemetry.ts';
import { parseAwsSettings } from '../../../pipeline/aws/settings.ts';
import type { Recipe } from '../../../pipeline/core/python-contract.ts';
import { type Run, type StageName, stageOf } from '../../../pipeline/core/run.ts';
import { createPipeline } from '../../../pipeline/flow/create-pipeline.ts';
import { onExecutionLost } from '../../../pipeline/flow/execution-lost.ts';
import type { FlowDeps } from '../../../pipeline/flow/flow-deps.ts';
import { createRunFlow, type RunInput } from '../../../pipeline/flow/run-flow.ts';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { createDurableEngine } from '../../../pipeline/local/durable/engine.ts';
import { createFakeDatasetPreparer } from '../../fakes/fake-dataset-preparer.ts';
import { aPrepareReport } from '../../fakes/samples.ts';
import { shortenSdkCooldown } from '../../fakes/shorten-sdk-cooldown.ts';
import { aConfig, grace } from '../../flow/world.ts';
import { createManualTime } from '../../local/durable/harness.ts';
import { evaluateWell, finishTraining } from '../job-scripts.ts';
import { type Moto, testCredentials, testRegion } from '../moto.ts';
import { retryAtOnce } from '../retry-at-once.ts';
import type { JobControl } from '../sagemaker-server/training-jobs.ts';
import { createSageMakerServer } from '../sagemaker-server.ts';
import { createOutage, type Dependency, exposeTo } from './outage.ts';
import { createSlackSide } from './slack-side.ts';

shortenSdkCooldown();

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the drill.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

/** Between two looks of the sweep and of people. */
const ROUND_SECONDS = 1_800;
/** A training takes so long, whoever looks. */
const TRAINING_MILLISECONDS = 30 * 60_000;

/**
 * A run over the adapters of AWS in a dependency's outage, by a clock that moves by hand. The engine is
 * the local one, because AWS's test runner does not let time pass between the attempts of a step.
 */
export async function createDrillWorld(
  moto: Moto,
  drill: { readonly dependency: Dependency; readonly seconds: number; readonly stage: StageName },
) {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  const { clock, scheduler, advance } = createManualTime();
  const outage = createOutage(drill.dependency, drill.seconds, clock);
  const bucket = await moto.bucket();
  const trainings: { readonly job: JobControl; readonly ends: number }[] = [];
  const server = await createSageMakerServer({
    clock,
    s3: moto.clients().s3,
    script: async (job) => {
      if (job.name.includes('-evaluate-')) return evaluateWell(job);
      job.train();
      trainings.push({ job, ends: clock.now().getTime() + TRAINING_MILLISECONDS });
    },
    answer: (_, body) => JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9 }]),
  });
  const clients = retryAtOnce(
    createAwsClients({
      region: testRegion,
      endpoint: moto.endpoint(),
      sageMakerEndpoint: server.endpoint,
      credentials: testCredentials,
    }),
  );
  exposeTo(outage, clients);
  const settings = parseAwsSettings({
    AWS_REGION: testRegion,
    MLOPS_BUCKET: bucket,
    MLOPS_TABLE: await moto.table(),
    MLOPS_EVENT_BUS: 'default',
    MLOPS_PIPELINE_FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live',
    MLOPS_PREPARE_FUNCTION: 'prepare',
    MLOPS_JOB_ROLE: 'arn:aws:iam::123456789012:role/job',
    MLOPS_ENDPOINT_ROLE: 'arn:aws:iam::123456789012:role/endpoint',
    MLOPS_CODE_PREFIX: 'code/0123abcd/',
    MLOPS_TRAINING_IMAGES: '{"words":"registry/training:1"}',
    MLOPS_INFERENCE_IMAGES: '{"words":"registry/inference:1"}',
    MLOPS_LONGEST_RUN_DAYS: '30',
  });
  const adapters = createAwsDeps(
    settings,
    { ...clients, cloudWatch: server.cloudWatch },
    {
      config: aConfig(),
      recipes: new Map([['words', recipe]]),
      clock,
      cloudWatchLogs: server.logs,
    },
  );
  const preparer = createFakeDatasetPreparer();
  preparer.answer(aPrepareReport());
  const engine = createDurableEngine({
    database: openDatabase(':memory:'),
    clock,
    scheduler,
    handler: (input: RunInput, context) => createRunFlow(deps)(input, context),
    onFailure: ({ name }) => onExecutionLost(deps, name),
    log: () => {},
  });
  const deps: FlowDeps = {
    ...adapters,
    preparer,
    logError: () => {},
    runs: {
      ...adapters.runs,
      async replace(run) {
        // The outage begins with the first act of its stage.
        if (stageOf(run, drill.stage)?.status === 'running') outage.begin();
        return adapters.runs.replace(run);
      },
    },
    bus: {
      async publish(event) {
        await adapters.bus.publish(event);
        // A rule of the stack brings every event of the product to the queue.
        slackSide?.send({ detail: event });
      },
    },
    executions: {
      async start(execution) {
        outage.check('Lambda callbacks');
        return engine.start(execution);
      },
      isRunning: (name) => engine.isRunning(name),
      async succeedCallback(callbackId, payload) {
        outage.check('Lambda callbacks');
        return engine.succeedCallback(callbackId, payload);
      },
    },
  };
  const pipeline = createPipeline(deps);
  const slackSide =
    drill.dependency === 'Slack'
      ? await createSlackSide({
          clock,
          scheduler,
          outage,
          config: deps.config,
          pipeline,
          table: { client: clients.dynamo, tableName: settings.tableName },
        })
      : null;
  const handleEvent = createEventHandler({
    deps,
    pipeline,
    announcements: {
      send: async (hint) => {
        outage.check('SQS');
        slackSide?.send(hint);
      },
      retryIn: async () => {},
    },
    telemetry: createTelemetry('signals'),
  });
  let reactions: Promise<unknown> = Promise.resolve();
  /** Lambda gives up on an event after three attempts, here within a moment. */
  const react = (event: unknown) => {
    reactions = reactions.then(() => handleEvent(event)).catch(() => {});
  };
  server.onEvent(react);
  onTestFinished(() => {
    for (const client of Object.values(clients)) client.destroy();
    vi.unstubAllEnvs();
  });

  async function settle(): Promise<void> {
    for (let before = -1; before !== server.calls.length; ) {
      before = server.calls.length;
      await engine.idle();
      await reactions;
      await server.idle();
      await slackSide?.idle();
    }
    await engine.idle();
  }

  /** What a caller does that is refused: the same again, half an hour later. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    return work().catch(() => null);
  }

  async function passRound(): Promise<void> {
    await advance(ROUND_SECONDS * 1000, settle);
    for (const training of [...trainings]) {
      if (training.ends > clock.now().getTime()) continue;
      trainings.splice(trainings.indexOf(training), 1);
      await attempt(() => finishTraining(training.job));
    }
    react({ scheduled: 'sweep' });
    react({ scheduled: 'watch' });
    await settle();
  }

  return {
    outage,
    server,
    deps,
    /** Null unless the drill is about Slack. */
    slackSide,
    /** Plays the run until it has ended and the outage is over; null if it never does in four days. */
    async play(): Promise<Run | null> {
      const version = createHash('sha256').update(bucket).digest('hex').slice(0, 12);
      const dataset = {
        key: `datasets/spam/${version}/a.csv`,
        fileName: 'a.csv',
        version,
        bytes: 9,
      };
      const start = {
        kind: 'retrain',
        requestId: `dataset ${version}`,
        model: 'spam',
        requestedBy: grace,
        reason: null,
        dataset,
        hyperparameters: {},
      } as const;
      let id: string | null = null;
      for (let round = 0; round < 4 * 24 * 2; round++) {
        id ??=
          (await attempt(() => pipeline.startRun({ ...start, requestedBy: ada })))?.run.id ?? null;
        await settle();
        const run = id === null ? null : await attempt(() => deps.runs.get(id ?? ''));
        if (run?.endedAt != null && outage.isOver() && slackSide?.isQuiet() !== false) return run;
        if (run?.approval?.outcome === null) await attempt(() => approve(run));
        await settle();
        await passRound();
      }
      return null;
    },
  };

  async function approve(run: Run) {
    // The button is in Slack.
    outage.check('Slack');
    return pipeline.decide({
      runId: run.id,
      digest: run.approval?.digest ?? '',
      by: grace,
      memberOf: ['U0GRACE'],
      outcome: 'approved',
      reason: null,
    });
  }
}

const ada = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
