import {
  CreateEventBusCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createAwsClients } from '../../pipeline/aws/clients.ts';
import { createAwsDeps } from '../../pipeline/aws/create-aws-deps.ts';
import { createDatasetIntake } from '../../pipeline/aws/dataset-intake.ts';
import { createIngest } from '../../pipeline/aws/lambda/create-ingest.ts';
import { createSignals } from '../../pipeline/aws/lambda/create-signals.ts';
import type { Telemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import { parseAwsSettings } from '../../pipeline/aws/settings.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
import type { Actor, Run } from '../../pipeline/core/run.ts';
import { createPipeline } from '../../pipeline/flow/create-pipeline.ts';
import type { FlowDeps } from '../../pipeline/flow/flow-deps.ts';
import { createRunFlow } from '../../pipeline/flow/run-flow.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createDurableEngine } from '../../pipeline/local/durable/engine.ts';
import { createFakeDatasetPreparer } from '../fakes/fake-dataset-preparer.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { evaluationOutputs, trainingOutputs } from '../flow/job-outputs.ts';
import { aConfig } from '../flow/world.ts';
import { createManualTime } from '../local/durable/harness.ts';
import { type Moto, testCredentials, testRegion } from './moto.ts';
import type { JobControl } from './sagemaker-server/training-jobs.ts';
import { createSageMakerServer } from './sagemaker-server.ts';

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the tests.',
  task: 'text-classification',
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

const labels = (configName: string, body: string) =>
  JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9, by: configName }]);

export type AwsWorld = Awaited<ReturnType<typeof createAwsWorld>>;

/**
 * The whole product but Slack over the AWS adapters: S3, DynamoDB and EventBridge at moto, SageMaker
 * at the test server, and the functions that react to events as they are deployed. Every event
 * comes twice. In the place of Lambda stand the local durable engine and a fake prepare function;
 * time moves by hand.
 */
export async function createAwsWorld(moto: Moto, { listens = false } = {}) {
  const time = createManualTime();
  const { clock } = time;
  const bucket = await moto.bucket();
  const busName = `bus-of-${bucket}`;
  await moto.clients().eventBridge.send(new CreateEventBusCommand({ Name: busName }));
  // Delivering takes moto half a second an event, so only who reads them asks for it.
  const published = listens ? await listenTo(moto, busName) : null;

  const play = { train: trainStraight, evaluate: evaluateWell };
  const wrong = new Set<string>();
  const server = await createSageMakerServer({
    clock,
    s3: moto.clients().s3,
    play: (job) => play[job.name.includes('-evaluate-') ? 'evaluate' : 'train'](job),
    answer: (configName, body) =>
      wrong.has(configName) ? '[{"label":"wrong","score":0.9}]' : labels(configName, body),
  });
  server.packages.addGroup('spam');
  const config = aConfig();
  const settings = parseAwsSettings({
    AWS_REGION: testRegion,
    MLOPS_BUCKET: bucket,
    MLOPS_TABLE: await moto.table(),
    MLOPS_EVENT_BUS: busName,
    MLOPS_PIPELINE_FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live',
    MLOPS_PREPARE_FUNCTION: 'prepare',
    MLOPS_JOB_ROLE: 'arn:aws:iam::123456789012:role/job',
    MLOPS_ENDPOINT_ROLE: 'arn:aws:iam::123456789012:role/endpoint',
    MLOPS_CODE_PREFIX: 'code/0123abcd/',
    MLOPS_TRAINING_IMAGES: '{"words":"registry/training:1"}',
    MLOPS_INFERENCE_IMAGES: '{"words":"registry/inference:1"}',
    MLOPS_TAGS: '{"stage":"test"}',
  });
  const clients = createAwsClients({
    region: testRegion,
    endpoint: moto.endpoint(),
    sageMakerEndpoint: server.endpoint,
    credentials: testCredentials,
  });
  const adapters = createAwsDeps(
    settings,
    { ...clients, cloudWatch: server.cloudWatch },
    { config, recipes: new Map([['words', recipe]]), clock, cloudWatchLogs: server.logs },
  );
  const engine = createDurableEngine({
    database: openDatabase(':memory:'),
    clock,
    scheduler: time.scheduler,
    random: () => 1,
    handler: (input: { runId: string }, context) => createRunFlow(deps)(input, context),
  });
  const preparer = createFakeDatasetPreparer({ artifacts: adapters.artifacts });
  preparer.answer(aPrepareReport());
  const deps: FlowDeps = { ...adapters, executions: engine, preparer };
  const pipeline = createPipeline(deps);
  const announcements = { send: async () => {}, retryIn: async () => {} };
  const parts = { announcements, telemetry: silent };
  const signals = createSignals({ deps, ...parts });
  const ingest = createIngest({
    pipeline,
    intake: createDatasetIntake({ client: clients.s3, bucket }),
    ...parts,
  });

  let reactions: Promise<void> = Promise.resolve();
  const twice = (react: (event: unknown) => Promise<void>, event: unknown) => {
    reactions = reactions.then(() => react(event)).then(() => react(event));
  };
  server.onEvent((event) => twice(signals, event));

  /** Lets everything happen that can happen without time passing. */
  async function settle(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== reactions; ) {
      seen = reactions;
      await engine.idle();
      await server.idle();
      await seen;
    }
    await engine.idle();
  }

  return {
    ...deps,
    server,
    pipeline,
    engine,
    play,
    settle,
    /** Configurations that answer other than the evaluation recorded. */
    wrong,
    time,
    /** Types of the published events in the order of arrival; for worlds that listen. */
    published: async () => (await published?.()) ?? [],
    advance: (seconds: number) => time.advance(seconds * 1000, settle),
    async run(id: string): Promise<Run> {
      const run = await deps.runs.get(id);
      if (run === null) throw new Error(`There is no run ${id}.`);
      return run;
    },
    /** Somebody puts a file into the inbox; returns the run that came of it. */
    async drop(content: string): Promise<string> {
      const Key = 'inbox/spam/mails.csv';
      const { ETag } = await clients.s3.send(
        new PutObjectCommand({ Bucket: bucket, Key, Body: content }),
      );
      const before = new Set((await deps.runs.list({})).map(({ id }) => id));
      twice(ingest, {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: {
          bucket: { name: bucket },
          object: { key: Key, size: content.length, etag: ETag?.replaceAll('"', '') },
        },
      });
      await settle();
      const started = (await deps.runs.list({})).filter(({ id }) => !before.has(id));
      if (started.length !== 1) throw new Error(`${started.length} runs were started.`);
      return started[0]?.id ?? '';
    },
    async approve(id: string, by: Actor): Promise<void> {
      const run = await deps.runs.get(id);
      await pipeline.decide({
        runId: id,
        digest: run?.approval?.digest ?? '',
        by,
        memberOf: by.kind === 'person' ? [by.id] : [],
        outcome: 'approved',
        reason: null,
      });
      await settle();
    },
    close: async () => {
      await engine.close({ timeoutMilliseconds: 1_000 });
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Queues everything published on a bus; returns the types in the order of arrival. */
async function listenTo(moto: Moto, busName: string): Promise<() => Promise<readonly string[]>> {
  const { eventBridge } = moto.clients();
  const sqs = new SQSClient({
    region: testRegion,
    endpoint: moto.endpoint(),
    credentials: testCredentials,
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: busName }));
  const rule = { Rule: 'everything', EventBusName: busName };
  await eventBridge.send(
    new PutRuleCommand({
      Name: rule.Rule,
      EventBusName: busName,
      EventPattern: '{"source":["mlops-bot"]}',
    }),
  );
  await eventBridge.send(
    new PutTargetsCommand({
      ...rule,
      Targets: [{ Id: 'queue', Arn: `arn:aws:sqs:us-east-1:123456789012:${busName}` }],
    }),
  );
  return async () => {
    const types: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      if (Messages.length === 0) return types;
      for (const { Body = '{}' } of Messages) types.push(JSON.parse(Body)['detail-type']);
    }
  };
}

export async function trainStraight(job: JobControl): Promise<void> {
  job.train();
  job.progress(100, 100);
  await finishTraining(job);
}

export function finishTraining(job: JobControl): Promise<void> {
  return job.complete({ model: { 'model.json': job.name }, output: trainingOutputs() });
}

function evaluateWell(job: JobControl): Promise<void> {
  job.train();
  const channels = (job.request.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const production = channels.includes('production') ? 0.95 : null;
  return job.complete({ output: evaluationOutputs({ candidate: 0.95, production }) });
}

const nothing = () => {};
const silent = {
  logger: { info: nothing, warn: nothing, error: nothing },
  metrics: { addMetric: nothing },
  log: nothing,
  observe: <T>(_keys: unknown, work: () => Promise<T>) => work(),
} as unknown as Telemetry;
