import { Stack } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { tableDefinition } from '../../pipeline/aws/dynamo-table.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { secretNames } from '../names.ts';

/** What functions may do. Each grant is one reason for its permissions. */

/** The start of an item's partition key is its kind (`dynamo-table.ts`). */
type Partition = 'RUN' | 'INCIDENT' | 'AUDIT' | 'DOC' | 'PREFERENCE' | 'LEASE' | 'GATE';

const partition = (...kinds: readonly Partition[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': kinds.map((kind) => `${kind}#*`) },
});

/** Reads single records, consistently. */
export function readRecord(
  to: LambdaFunction,
  table: ITableV2,
  ...kinds: readonly Partition[]
): void {
  to.allow({
    sid: 'ReadRecord',
    actions: ['dynamodb:GetItem'],
    resources: [table.tableArn],
    conditions: partition(...kinds),
  });
}

/** Reads records, single ones and lists of them. */
export function readRecords(
  to: LambdaFunction,
  table: ITableV2,
  ...kinds: readonly Partition[]
): void {
  to.allow({
    sid: 'ReadRecords',
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
    resources: [table.tableArn],
    conditions: partition(...kinds),
  });
  to.allow({
    sid: 'FindRecords',
    actions: ['dynamodb:Query'],
    resources: tableDefinition.indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
  });
}

/** Finds the latest alert of a model: to open the next one, acknowledge or mute it. */
export function findLatestAlert(to: LambdaFunction, table: ITableV2): void {
  to.allow({
    sid: 'FindLatestAlert',
    actions: ['dynamodb:Query'],
    resources: [table.tableArn],
    conditions: partition('INCIDENT'),
  });
}

/** Every write is conditional on what was read. Only leases are ever deleted. */
export function writeRecords(
  to: LambdaFunction,
  table: ITableV2,
  ...kinds: readonly Partition[]
): void {
  to.allow({
    sid: 'WriteRecords',
    actions: ['dynamodb:PutItem'],
    resources: [table.tableArn],
    conditions: partition(...kinds),
  });
}

export function holdLeases(to: LambdaFunction, table: ITableV2): void {
  to.allow({
    sid: 'HoldLeases',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
    resources: [table.tableArn],
    conditions: partition('LEASE'),
  });
  to.allow({
    sid: 'CheckHolders',
    actions: ['dynamodb:ConditionCheckItem'],
    resources: [table.tableArn],
    conditions: partition('RUN'),
  });
}

/** Counts looks at held-out rows, and keeps the best version. */
export function keepGateLedgers(to: LambdaFunction, table: ITableV2): void {
  to.allow({
    sid: 'KeepGateLedgers',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    resources: [table.tableArn],
    conditions: partition('GATE'),
  });
}

export function publishEvents(to: LambdaFunction, bus: IEventBus): void {
  to.allow({ sid: 'PublishEvents', actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
}

export function startRuns(to: LambdaFunction, live: Alias): void {
  to.allow({
    sid: 'StartRuns',
    actions: ['lambda:InvokeFunction'],
    resources: [live.functionArn],
  });
}

/** A callback is addressed to the version that started the run. */
export function resumeRuns(to: LambdaFunction, pipelineArn: string): void {
  to.allow({
    sid: 'ResumeRuns',
    actions: ['lambda:SendDurableExecutionCallbackSuccess'],
    resources: [`${pipelineArn}:*`],
    because: 'Waiting runs are pinned to versions, and every deployment publishes another one.',
  });
}

/** Sees whether an execution goes on, whichever version started it. */
export function findExecutions(to: LambdaFunction, pipelineArn: string): void {
  to.allow({
    sid: 'FindExecutions',
    actions: ['lambda:ListDurableExecutionsByFunction'],
    resources: [pipelineArn],
  });
}

/** Hands work that takes longer than Slack waits over to an invocation of its own. */
export function invokeItself(to: LambdaFunction): void {
  to.allow({
    sid: 'HandOver',
    actions: ['lambda:InvokeFunction'],
    resources: [to.lambda.functionArn],
  });
}

export function hintAnnouncer(to: LambdaFunction, queue: Queue): void {
  to.allow({ sid: 'HintAnnouncer', actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

export function readSlackSecrets(
  to: LambdaFunction,
  stage: string,
  ...names: ('botToken' | 'signingSecret')[]
): void {
  const all = secretNames(stage);
  to.allow({
    sid: 'ReadSlackSecrets',
    actions: ['ssm:GetParameters'],
    resources: names.map((name) =>
      Stack.of(to).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: all[name].slice(1),
      }),
    ),
  });
}

export function readFiles(
  to: LambdaFunction,
  bucket: IBucket,
  ...prefixes: readonly string[]
): void {
  to.allow({
    sid: 'ReadFiles',
    actions: ['s3:GetObject'],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects in these folders are named after runs and datasets.',
  });
  // "IfExists": with permission to list, S3 answers 404 instead of 403 for a missing file.
  to.allow({
    sid: 'ListFiles',
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLikeIfExists: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
  });
}

/** The version of an object that an event is about. */
export function readVersionsOfFiles(to: LambdaFunction, bucket: IBucket, from: string[]): void {
  to.allow({
    sid: 'ReadVersionsOfFiles',
    actions: ['s3:GetObjectVersion'],
    resources: from.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects in these folders are named by whoever uploads them.',
  });
}

export function writeFiles(
  to: LambdaFunction,
  bucket: IBucket,
  ...prefixes: readonly string[]
): void {
  to.allow({
    sid: 'WriteFiles',
    actions: ['s3:PutObject'],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects in these folders are named after runs and datasets.',
  });
}

/** Writes large files, in parts; an upload that fails is taken back. */
export function writeLargeFiles(
  to: LambdaFunction,
  bucket: IBucket,
  ...prefixes: readonly string[]
): void {
  writeFiles(to, bucket, ...prefixes);
  takeBackUploads(to, bucket, ...prefixes);
}

/** Ends an upload in parts that failed. */
export function takeBackUploads(
  to: LambdaFunction,
  bucket: IBucket,
  ...prefixes: readonly string[]
): void {
  to.allow({
    sid: 'TakeBackUploads',
    actions: ['s3:AbortMultipartUpload'],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects in these folders are named after runs and datasets.',
  });
}

/** Reads and writes the journal of its own executions. */
export function runDurably(to: LambdaFunction, pipelineArn: string): void {
  to.allow({
    sid: 'RunDurably',
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [`${pipelineArn}:*`],
    because: 'Executions are addressed by the version they run on.',
  });
}

export function invokePrepare(to: LambdaFunction, prepare: LambdaFunction): void {
  to.allow({
    sid: 'PrepareDatasets',
    actions: ['lambda:InvokeFunction'],
    resources: [prepare.lambda.functionArn],
  });
}
