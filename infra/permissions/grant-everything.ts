import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { RecipeImages } from '../config/images.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { bucketPrefixes } from '../names.ts';
import {
  findExecutions,
  findLatestAlert,
  hintAnnouncer,
  holdLeases,
  invokeItself,
  invokePrepare,
  keepGateLedgers,
  publishEvents,
  readFiles,
  readRecord,
  readRecords,
  readSlackSecrets,
  readVersionsOfFiles,
  resumeRuns,
  runDurably,
  startRuns,
  takeBackUploads,
  writeFiles,
  writeLargeFiles,
  writeRecords,
} from './grants.ts';
import {
  askEndpoints,
  changeEndpoints,
  decideVersions,
  describeEndpoints,
  followJobs,
  readInputReports,
  readJobLogs,
  readVersions,
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
  readonly images: RecipeImages;
}

/** All permissions of the functions. The table in docs/aws.md is generated from the result. */
export function grantEverything(all: Grantees): void {
  const { stage, models, functions, live, bucket, table, bus, queue } = all;
  const { jobRole, endpointRole, images } = all;
  const { slack, announce, ingest, signals, commands, pipeline, prepare } = functions;
  const { inbox, slackInbox, datasets, runs, baseModels, corrections } = bucketPrefixes;
  const pipelineArn = pipeline.lambda.functionArn;
  // What models have answered, and the rows they were asked; those they were trained on are elsewhere.
  const evidenceFiles = [
    'evaluation/',
    'prepared/test.jsonl',
    'prepared/seen.json',
    'model-card.json',
  ].map((file) => `${runs}*/${file}`);

  readSlackSecrets(slack, stage, 'botToken', 'signingSecret');
  readRecords(slack, table, 'RUN', 'INCIDENT', 'AUDIT', 'DOC', 'PREFERENCE');
  findLatestAlert(slack, table);
  writeRecords(slack, table, 'RUN', 'INCIDENT', 'AUDIT', 'PREFERENCE');
  readVersions(slack, models);
  describeEndpoints(slack, models);
  readJobLogs(slack);
  publishEvents(slack, bus);
  startRuns(slack, live);
  resumeRuns(slack, pipelineArn);
  hintAnnouncer(slack, queue);
  invokeItself(slack);
  // “Try it” asks the endpoint; what a person corrects is kept.
  askEndpoints(slack, models);
  readFiles(slack, bucket, ...evidenceFiles, corrections);
  // Nothing else may write there, so the keys say truly who shared a dataset.
  writeFiles(slack, bucket, corrections, slackInbox);
  takeBackUploads(slack, bucket, slackInbox);

  readSlackSecrets(announce, stage, 'botToken');
  readRecords(announce, table, 'RUN', 'INCIDENT', 'DOC', 'PREFERENCE');
  writeRecords(announce, table, 'DOC');
  // The card of a promotion compares the two versions.
  readVersions(announce, models);

  readFiles(ingest, bucket, inbox, slackInbox);
  readVersionsOfFiles(ingest, bucket, [inbox, slackInbox]);
  writeFiles(ingest, bucket, datasets);
  readRecord(ingest, table, 'RUN');
  writeRecords(ingest, table, 'RUN', 'AUDIT');
  publishEvents(ingest, bus);
  startRuns(ingest, live);
  hintAnnouncer(ingest, queue);

  readRecords(signals, table, 'RUN', 'INCIDENT');
  findLatestAlert(signals, table);
  writeRecords(signals, table, 'RUN', 'INCIDENT', 'AUDIT');
  followJobs(signals, models);
  readFiles(signals, bucket, runs);
  describeEndpoints(signals, models);
  readInputReports(signals, models);
  decideVersions(signals, models);
  publishEvents(signals, bus);
  startRuns(signals, live);
  resumeRuns(signals, pipelineArn);
  findExecutions(signals, pipelineArn);
  hintAnnouncer(signals, queue);

  readRecords(commands, table, 'RUN', 'INCIDENT', 'AUDIT');
  findLatestAlert(commands, table);
  writeRecords(commands, table, 'RUN', 'INCIDENT', 'AUDIT');
  readVersions(commands, models);
  describeEndpoints(commands, models);
  readJobLogs(commands);
  readFiles(commands, bucket, ...evidenceFiles, corrections);
  askEndpoints(commands, models);
  publishEvents(commands, bus);
  startRuns(commands, live);
  resumeRuns(commands, pipelineArn);
  hintAnnouncer(commands, queue);

  runDurably(pipeline, pipelineArn);
  readRecords(pipeline, table, 'RUN', 'INCIDENT');
  findLatestAlert(pipeline, table);
  writeRecords(pipeline, table, 'RUN', 'INCIDENT', 'AUDIT');
  keepGateLedgers(pipeline, table);
  holdLeases(pipeline, table);
  invokePrepare(pipeline, prepare);
  readFiles(pipeline, bucket, datasets, runs, baseModels);
  writeFiles(pipeline, bucket, runs);
  runJobs(pipeline, models, jobRole);
  registerVersions(pipeline, models, images);
  changeEndpoints(pipeline, models, endpointRole);
  publishEvents(pipeline, bus);
  resumeRuns(pipeline, pipelineArn);

  readFiles(prepare, bucket, datasets, runs);
  writeLargeFiles(prepare, bucket, runs);
}
