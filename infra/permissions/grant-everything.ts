import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { bucketPrefixes } from '../names.ts';
import {
  hintAnnouncer,
  holdLeases,
  invokePrepare,
  publishEvents,
  readFiles,
  readRecords,
  readSlackSecrets,
  resumeRuns,
  runDurably,
  startRuns,
  writeFiles,
  writeRecords,
} from './grants.ts';
import {
  changeEndpoints,
  describeEndpoints,
  describeJobs,
  readRegistry,
  recordApprovals,
  registerVersions,
  runJobs,
} from './sagemaker-grants.ts';

export type Functions = Readonly<
  Record<
    'slack' | 'announce' | 'ingest' | 'signals' | 'commands' | 'pipeline' | 'prepare',
    LambdaFunction
  >
>;

export interface Grantees {
  readonly stage: string;
  readonly models: readonly string[];
  readonly functions: Functions;
  readonly live: Alias;
  readonly bucket: IBucket;
  readonly table: ITableV2;
  readonly bus: IEventBus;
  readonly queue: Queue;
  readonly jobRole: Role;
  readonly endpointRole: Role;
}

/** All permissions of the functions. The table in docs/aws.md is generated from the result. */
export function grantEverything(all: Grantees): void {
  const { stage, models, functions, live, bucket, table, bus, queue, jobRole, endpointRole } = all;
  const { slack, announce, ingest, signals, commands, pipeline, prepare } = functions;
  const { inbox, datasets, runs, baseModels } = bucketPrefixes;
  const pipelineArn = pipeline.lambda.functionArn;

  readSlackSecrets(slack, stage, 'botToken', 'signingSecret');
  readRecords(slack, table, 'RUN', 'INCIDENT', 'AUDIT', 'DOC');
  writeRecords(slack, table, 'RUN', 'INCIDENT', 'AUDIT');
  readRegistry(slack, models);
  describeEndpoints(slack, models);
  describeJobs(slack, models);
  publishEvents(slack, bus);
  startRuns(slack, live);
  resumeRuns(slack, pipelineArn);
  hintAnnouncer(slack, queue);

  readSlackSecrets(announce, stage, 'botToken');
  readRecords(announce, table, 'RUN', 'INCIDENT', 'DOC');
  writeRecords(announce, table, 'DOC');

  readFiles(ingest, bucket, inbox);
  writeFiles(ingest, bucket, datasets);
  readRecords(ingest, table, 'RUN');
  writeRecords(ingest, table, 'RUN', 'AUDIT');
  publishEvents(ingest, bus);
  startRuns(ingest, live);
  hintAnnouncer(ingest, queue);

  readRecords(signals, table, 'RUN', 'INCIDENT');
  writeRecords(signals, table, 'RUN', 'INCIDENT', 'AUDIT');
  describeJobs(signals, models);
  readFiles(signals, bucket, runs);
  readRegistry(signals, models);
  describeEndpoints(signals, models);
  recordApprovals(signals, models);
  publishEvents(signals, bus);
  startRuns(signals, live);
  resumeRuns(signals, pipelineArn);
  hintAnnouncer(signals, queue);

  readRecords(commands, table, 'RUN', 'INCIDENT', 'AUDIT');
  writeRecords(commands, table, 'RUN', 'INCIDENT', 'AUDIT');
  readRegistry(commands, models);
  describeEndpoints(commands, models);
  describeJobs(commands, models);
  publishEvents(commands, bus);
  startRuns(commands, live);
  resumeRuns(commands, pipelineArn);
  hintAnnouncer(commands, queue);

  runDurably(pipeline, pipelineArn);
  readRecords(pipeline, table, 'RUN', 'INCIDENT');
  writeRecords(pipeline, table, 'RUN', 'INCIDENT');
  holdLeases(pipeline, table);
  invokePrepare(pipeline, prepare);
  readFiles(pipeline, bucket, datasets, runs, baseModels);
  writeFiles(pipeline, bucket, runs);
  describeJobs(pipeline, models);
  runJobs(pipeline, models, jobRole);
  readRegistry(pipeline, models);
  registerVersions(pipeline, models);
  recordApprovals(pipeline, models);
  describeEndpoints(pipeline, models);
  changeEndpoints(pipeline, models, endpointRole);
  publishEvents(pipeline, bus);
  resumeRuns(pipeline, pipelineArn);

  readFiles(prepare, bucket, datasets);
  writeFiles(prepare, bucket, runs);
}
