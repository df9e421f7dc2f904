import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { tableDefinition } from '../../pipeline/aws/dynamo-table.ts';
import { secretNames } from '../names.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** What functions may do, in the words of the product. Each grant is one reason to need it. */

/** Items are told apart by the start of their partition key (`dynamo-table.ts`). */
type Partition = 'RUN' | 'INCIDENT' | 'AUDIT' | 'DOC' | 'LEASE';

const partition = (...kinds: readonly Partition[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': kinds.map((kind) => `${kind}#*`) },
});

export function readRecords(
  to: LambdaFunction,
  table: ITableV2,
  ...kinds: readonly Partition[]
): void {
  to.allow({
    sid: 'ReadRecords',
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
    conditions: partition(...kinds),
  });
  to.allow({
    sid: 'FindRecords',
    actions: ['dynamodb:Query'],
    resources: tableDefinition.indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
  });
}

/** Writing is always conditional on what was read; nothing but a lease is ever deleted. */
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

/** Callbacks are addressed at the version a run was started with. */
export function wakeRuns(to: LambdaFunction, pipelineArn: string): void {
  to.allow({
    sid: 'WakeRuns',
    actions: ['lambda:SendDurableExecutionCallbackSuccess'],
    resources: [`${pipelineArn}:*`],
    because:
      'Parked runs are pinned to versions, and which ones there are changes with each deploy.',
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
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects of these folders are named after runs and datasets.',
  });
  // "If exists": with the right to list, S3 says 404 instead of 403 for a file that is not there.
  to.allow({
    sid: 'ListFiles',
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLikeIfExists: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
  });
}

export function writeFiles(
  to: LambdaFunction,
  bucket: IBucket,
  ...prefixes: readonly string[]
): void {
  to.allow({
    sid: 'WriteFiles',
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    because: 'Objects of these folders are named after runs and datasets.',
  });
}

/** ARNs of SageMaker resources whose names start with a model of this product. */
function ours(
  to: LambdaFunction,
  resource: string,
  models: readonly string[],
  rest: string,
): string[] {
  return models.map((model) =>
    Stack.of(to).formatArn({
      service: 'sagemaker',
      resource,
      resourceName: `${model}${rest}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  );
}

const NAMED_AFTER_RUNS = 'Jobs, models and configurations are named after model, version and run.';

export function describeJobs(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'DescribeJobs',
    actions: ['sagemaker:DescribeTrainingJob'],
    resources: ours(to, 'training-job', models, '-*'),
    because: NAMED_AFTER_RUNS,
  });
  to.allow({
    sid: 'ReadJobLogs',
    actions: ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:DescribeLogStreams'],
    resources: [trainingLogs(to)],
    because: 'SageMaker writes the streams of all jobs into this one log group.',
  });
}

export function runJobs(to: LambdaFunction, models: readonly string[], jobRole: Role): void {
  to.allow({
    sid: 'RunJobs',
    actions: ['sagemaker:CreateTrainingJob', 'sagemaker:StopTrainingJob', 'sagemaker:AddTags'],
    resources: ours(to, 'training-job', models, '-*'),
    because: NAMED_AFTER_RUNS,
  });
  passRole(to, 'PassJobRole', jobRole);
}

export function readRegistry(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'ListVersions',
    actions: ['sagemaker:ListModelPackages', 'sagemaker:DescribeModelPackageGroup'],
    resources: ours(to, 'model-package-group', models, ''),
  });
  to.allow({
    sid: 'ReadVersions',
    actions: ['sagemaker:DescribeModelPackage'],
    resources: ours(to, 'model-package', models, '/*'),
    because: 'Versions are numbered.',
  });
}

/** Decisions are noted in the registry; a version itself is never changed or deleted. */
export function noteApprovals(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'NoteApprovals',
    actions: ['sagemaker:UpdateModelPackage'],
    resources: ours(to, 'model-package', models, '/*'),
    because: 'Versions are numbered.',
  });
}

export function registerVersions(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'RegisterVersions',
    actions: ['sagemaker:CreateModelPackage'],
    resources: [
      ...ours(to, 'model-package-group', models, ''),
      ...ours(to, 'model-package', models, '/*'),
    ],
    because: 'Versions are numbered.',
  });
}

export function describeEndpoints(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'DescribeEndpoints',
    actions: ['sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig'],
    resources: [...ours(to, 'endpoint', models, ''), ...ours(to, 'endpoint-config', models, '-*')],
    because: NAMED_AFTER_RUNS,
  });
  to.allow({
    sid: 'ReadMetrics',
    actions: ['cloudwatch:GetMetricData'],
    resources: ['*'],
    because: 'CloudWatch metrics have no resources to name; reading is all it allows.',
  });
}

export function changeEndpoints(
  to: LambdaFunction,
  models: readonly string[],
  endpointRole: Role,
): void {
  const endpoints = ours(to, 'endpoint', models, '');
  const configs = ours(to, 'endpoint-config', models, '-*');
  to.allow({
    sid: 'ChangeEndpoints',
    // Deleting is for an endpoint that never came into service: it takes no update.
    actions: [
      'sagemaker:CreateEndpoint',
      'sagemaker:UpdateEndpoint',
      'sagemaker:DeleteEndpoint',
      'sagemaker:InvokeEndpoint',
    ],
    resources: [...endpoints, ...configs],
    because: NAMED_AFTER_RUNS,
  });
  to.allow({
    sid: 'MakeAndPruneConfigurations',
    actions: [
      'sagemaker:CreateModel',
      'sagemaker:DeleteModel',
      'sagemaker:CreateEndpointConfig',
      'sagemaker:DeleteEndpointConfig',
      'sagemaker:AddTags',
    ],
    resources: [...ours(to, 'model', models, '-*'), ...configs, ...endpoints],
    because: NAMED_AFTER_RUNS,
  });
  to.allow({
    sid: 'ListConfigurations',
    actions: ['sagemaker:ListEndpointConfigs'],
    resources: ['*'],
    because: 'SageMaker lists have no resources to name; they return names only.',
  });
  passRole(to, 'PassEndpointRole', endpointRole);
}

function passRole(to: LambdaFunction, sid: string, role: Role): void {
  to.allow({
    sid,
    actions: ['iam:PassRole'],
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
}

export function trainingLogs(to: LambdaFunction): string {
  return Stack.of(to).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/sagemaker/TrainingJobs:*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The journal of its own executions. */
export function runDurably(to: LambdaFunction, pipelineArn: string): void {
  to.allow({
    sid: 'RunDurably',
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [`${pipelineArn}:*`],
    because: 'Executions are addressed at the version they run on.',
  });
}

export function invokePrepare(to: LambdaFunction, prepare: LambdaFunction): void {
  to.allow({
    sid: 'PrepareDatasets',
    actions: ['lambda:InvokeFunction'],
    resources: [prepare.lambda.functionArn],
  });
}
