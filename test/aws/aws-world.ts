import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished, vi } from 'vitest';
import { stages } from '../../infra/config/stages.ts';
import { nameOf } from '../../infra/permissions/iam-table.ts';
import teamConfig from '../../mlops.config.ts';
import { type AwsClients, createAwsClients } from '../../pipeline/aws/clients.ts';
import { createAnnouncementQueue } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { composeOver } from '../../pipeline/aws/lambda/compose.ts';
import { composeIngest } from '../../pipeline/aws/lambda/compose-ingest.ts';
import { createDurableRun } from '../../pipeline/aws/lambda/create-durable-run.ts';
import { createEventHandler } from '../../pipeline/aws/lambda/create-event-handler.ts';
import { parseAwsSettings } from '../../pipeline/aws/settings.ts';
import type { PrepareRequest } from '../../pipeline/core/ports.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
import type { Actor, Run } from '../../pipeline/core/run.ts';
import type { Pace } from '../../pipeline/flow/flow-deps.ts';
import { createFakeDatasetPreparer } from '../fakes/fake-dataset-preparer.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig } from '../flow/world.ts';
import { synthesize } from '../infra/synthesized.ts';
import { createManualTime } from '../local/durable/harness.ts';
import { createCallsInFlight } from './calls-in-flight.ts';
import { createHintReader } from './hint-reader.ts';
import { evaluateWell, trainStraight } from './job-scripts.ts';
import { createLambdaServer } from './lambda-server.ts';
import { type Moto, testCredentials, testRegion } from './moto.ts';
import { createAccess, credentialsOf } from './permissions/access.ts';
import { deployedRoles } from './permissions/deployed-roles.ts';
import { guarded, withExecution } from './permissions/guarded.ts';
import { watchedLogs, watchedMetrics } from './permissions/watched.ts';
import { retryAtOnce } from './retry-at-once.ts';
import { createSageMakerServer } from './sagemaker-server.ts';

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the tests.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

const labels = (configName: string, body: string) =>
  JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9, by: configName }]);

export interface AwsWorldOptions {
  /** Where the run should look more often than deployed, in seconds. */
  readonly pace?: Partial<Pace>;
}

const templatesOf = ({ dataTemplate, serviceTemplate }: ReturnType<typeof synthesize>) => [
  dataTemplate.toJSON(),
  serviceTemplate.toJSON(),
];
const templates = templatesOf(synthesize());
const withoutSpam = new Map<string, typeof templates>();

function templatesWithoutSpam(formerModels: readonly string[]): typeof templates {
  const known = withoutSpam.get(formerModels.join());
  if (known !== undefined) return known;
  const { spam: _, ...models } = teamConfig.models;
  const config = { ...teamConfig, models, formerModels: [...formerModels] };
  const made = templatesOf(synthesize(stages.production, config));
  withoutSpam.set(formerModels.join(), made);
  return made;
}

/** A function of the stacks whose code runs here. */
export type Composed = 'slack' | 'announce' | 'commands' | 'ingest' | 'signals' | 'pipeline';

/**
 * The whole product but Slack on AWS, made of the functions that are deployed: S3, DynamoDB,
 * EventBridge and SQS are moto's, SageMaker and Lambda servers of the tests, the durable engine is
 * AWS's test runner. Each function may do what the policies of its synthesised role allow, and a
 * refusal fails the test, as does a handler that answers while a call goes on. Every event comes twice. Only `prepare` is a fake; time moves by hand.
 */
export async function createAwsWorld(moto: Moto, { pace = {} }: AwsWorldOptions = {}) {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  const time = createManualTime();
  const { clock, scheduler } = time;
  const bucket = await moto.bucket();
  const busName = `bus-of-${bucket}`;
  await moto.clients().eventBridge.send(new CreateEventBusCommand({ Name: busName }));
  const hints = await createHintReader(moto, `hints-of-${bucket}`);

  const script = { train: trainStraight, evaluate: evaluateWell };
  const wrong = new Set<string>();
  const server = await createSageMakerServer({
    clock,
    s3: moto.clients().s3,
    script: (job) => script[job.name.includes('-evaluate-') ? 'evaluate' : 'train'](job),
    answer: (configName, body) =>
      wrong.has(configName) ? '[{"label":"wrong","score":0.9}]' : labels(configName, body),
  });
  const lambda = await createLambdaServer({ scheduler });

  const tableName = await moto.table();
  const physical: Readonly<Record<string, string>> = {
    FilesArtifacts: bucket,
    RecordsRuns: tableName,
    DomainEvents: busName,
    AnnouncementsQueue: `hints-of-${bucket}`,
    Jobs: 'job',
    Endpoints: 'endpoint',
  };
  const rolesOf = (deployed: typeof templates) =>
    deployedRoles(deployed, (id) => physical[nameOf(id)] ?? nameOf(id));
  const roles = new Map(rolesOf(templates));
  const access = createAccess(roles);
  const { models, ...others } = aConfig();
  const config = { ...others, models: { ...models } };
  const addresses = {
    endpoint: await guarded(moto.endpoint(), access),
    sageMakerEndpoint: await guarded(server.endpoint, access),
    lambdaEndpoint: await guarded(lambda.endpoint, access, withExecution),
  };
  const settings = parseAwsSettings({
    AWS_REGION: testRegion,
    MLOPS_BUCKET: bucket,
    MLOPS_TABLE: tableName,
    MLOPS_EVENT_BUS: busName,
    MLOPS_PIPELINE_FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live',
    MLOPS_PREPARE_FUNCTION: 'prepare',
    MLOPS_JOB_ROLE: 'arn:aws:iam::123456789012:role/job',
    MLOPS_ENDPOINT_ROLE: 'arn:aws:iam::123456789012:role/endpoint',
    MLOPS_CODE_PREFIX: 'code/0123abcd/',
    MLOPS_TRAINING_IMAGES: '{"words":"registry/training:1"}',
    MLOPS_INFERENCE_IMAGES: '{"words":"registry/inference:1"}',
    MLOPS_LONGEST_RUN_DAYS: '30',
    MLOPS_TAGS: '{"stage":"test"}',
  });
  const calls = new Map<Composed, ReturnType<typeof createCallsInFlight>>();
  const callsOf = (service: Composed) => {
    const known = calls.get(service) ?? createCallsInFlight();
    calls.set(service, known);
    return known;
  };
  const published: string[] = [];
  const made: AwsClients[] = [];
  const clientsOf = (credentials: typeof testCredentials) => {
    const clients = retryAtOnce(
      createAwsClients({ region: testRegion, ...addresses, credentials }),
    );
    recordEvents(clients, published);
    made.push(clients);
    return clients;
  };
  const composeWith = (service: string, clients: AwsClients, role: string | null) =>
    composeOver(
      service,
      settings,
      { ...clients, cloudWatch: watchedMetrics(server.cloudWatch, access, role) },
      {
        config,
        recipes: new Map([['words', recipe]]),
        clock,
        pace,
        cloudWatchLogs: watchedLogs(server.logs, access, role),
      },
    );
  /** A function under its role. */
  const compose = (service: Composed) => {
    const own = clientsOf(credentialsOf(service));
    callsOf(service).watch(own);
    return composeWith(service, own, service);
  };
  const announcementsOf = (service: Composed) =>
    createAnnouncementQueue({
      region: testRegion,
      queueUrl: hints.queueUrl,
      client: new SQSClient({
        region: testRegion,
        endpoint: addresses.endpoint,
        credentials: credentialsOf(service),
      }),
    });
  const clients = clientsOf(testCredentials);
  const ingest = composeIngest(compose('ingest'), announcementsOf('ingest'));
  const handleEvent = createEventHandler({
    ...compose('signals'),
    announcements: announcementsOf('signals'),
  });
  const { pipeline } = compose('slack');
  // What the test itself looks at and tampers with.
  const { deps } = composeWith('test', clients, null);
  const preparer = createFakeDatasetPreparer();
  preparer.answer(aPrepareReport());
  lambda.function('prepare', (request) => preparer.prepare(request as PrepareRequest));
  lambda.durable('pipeline', createDurableRun(compose('pipeline')));

  let reactions: Promise<void> = Promise.resolve();
  let events = 0;
  let isListening = true;
  const twice = (service: 'ingest' | 'signals', event: unknown) => {
    events += 1;
    const handle = service === 'ingest' ? ingest : handleEvent;
    const react = () => callsOf(service).frozenAfter(() => handle(event));
    reactions = reactions.then(react).then(react);
  };
  const toSignals = (event: unknown) => {
    if (isListening) twice('signals', event);
  };
  server.onEvent(toSignals);
  lambda.onEvent(toSignals);

  /** Lets everything happen that can happen without time passing. */
  async function settle(): Promise<void> {
    const happened = () => `${events} ${server.calls.length} ${lambda.calls()}`;
    for (let before = ''; before !== happened(); ) {
      before = happened();
      await reactions;
      await server.idle();
      await Promise.race([lambda.idle(), access.whenRefused]);
    }
  }

  /** Puts a file into the inbox; returns the runs that were started. */
  async function upload(content: string, fileName = 'mails.csv'): Promise<readonly string[]> {
    const Key = `inbox/spam/${fileName}`;
    const { ETag } = await clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: content }),
    );
    const before = lambda.started().length;
    twice('ingest', {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: {
        bucket: { name: bucket },
        object: { key: Key, size: content.length, etag: ETag?.replaceAll('"', '') },
      },
    });
    await settle();
    return lambda.started().slice(before);
  }

  onTestFinished(() => {
    for (const client of made.flatMap((each) => Object.values(each))) client.destroy();
    vi.unstubAllEnvs();
  });

  return {
    ...deps,
    server,
    lambda,
    pipeline,
    script,
    settle,
    /** Configurations that answer other than the evaluation recorded. */
    wrong,
    /** Types of the published events, in order. */
    published,
    /** What was hinted to the announcer since the last call. */
    hints: hints.read,
    /** Another function of the stacks, under its role. */
    compose,
    /** Runs a handler of a composed function and fails where it leaves calls behind. */
    frozenAfter: <T>(service: Composed, handle: () => Promise<T>) =>
      callsOf(service).frozenAfter(handle),
    announcementsOf,
    /** Every call that a function made. */
    sent: access.sent,
    /** Deploys without the model “spam”, which may be named among the former ones, or with it again. */
    redeploy({ spam, formerModels = [] }: { spam: boolean; formerModels?: readonly string[] }) {
      const deployed = spam ? templates : templatesWithoutSpam(formerModels);
      for (const [name, role] of rolesOf(deployed)) roles.set(name, role);
      if (spam) Object.assign(config.models, models);
      else delete config.models.spam;
    },
    expectRefusals: access.expectRefusals,
    /** Whether events of AWS arrive; they do unless a test says otherwise. */
    listen(listens: boolean) {
      isListening = listens;
    },
    advance: (seconds: number) => time.advance(seconds * 1000, settle),
    async run(id: string): Promise<Run> {
      const run = await deps.runs.get(id);
      if (run === null) throw new Error(`There is no run ${id}.`);
      return run;
    },
    /** An event of the stack's own schedules. */
    async schedule(scheduled: 'watch' | 'sweep'): Promise<void> {
      twice('signals', { scheduled });
      await settle();
    },
    upload,
    /** Puts a dataset into the inbox; returns the run that came of it. */
    async drop(content: string): Promise<string> {
      const [id, ...others] = await upload(content);
      if (id === undefined || others.length > 0) throw new Error('There is not one new run.');
      return id;
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
  };
}

/** Adds what is published on the bus, once the bus has taken it. */
function recordEvents({ eventBridge }: AwsClients, types: string[]): void {
  eventBridge.middlewareStack.add(
    (next) => async (args) => {
      const taken = await next(args);
      if ('Entries' in args.input) {
        for (const { DetailType = '' } of args.input.Entries ?? []) types.push(DetailType);
      }
      return taken;
    },
    { step: 'initialize' },
  );
}
