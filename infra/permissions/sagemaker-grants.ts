import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { endpointLogGroup } from '../../pipeline/aws/endpoint/failure-metric.ts';
import type { RecipeImages } from '../config/images.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { repositoryArns } from './sage-maker-role.ts';

/**
 * What functions may do with SageMaker. Each grant is one reason for its permissions; the actions of
 * one type of resource are one statement, because the ARNs of all models make statements long.
 */

/** ARNs of SageMaker resources whose names start with one of our models. */
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
const NUMBERED = 'Versions are numbered.';

/** Reads the last lines that a job printed. */
export function readJobLogs(to: LambdaFunction): void {
  allowLogs(to, 'ReadJobLogs', 'logs:GetLogEvents', 'logs:DescribeLogStreams');
}

/** Reads the state of jobs, and everything they printed. */
export function followJobs(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'FollowJobs',
    actions: ['sagemaker:DescribeTrainingJob'],
    resources: ours(to, 'training-job', models, '-*'),
    because: NAMED_AFTER_RUNS,
  });
  followJobLogs(to);
}

/** Reads what the containers of endpoints report of their inputs, in whole numbers. */
export function readInputReports(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'ReadInputReports',
    actions: ['logs:FilterLogEvents'],
    resources: endpointLogs(to, models),
    because: STREAMS,
  });
}

/** Lets the logs of endpoints expire, and makes a metric of the failures in them. */
function prepareEndpointLogs(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'PrepareEndpointLogs',
    actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:PutMetricFilter'],
    resources: endpointLogs(to, models),
    because: STREAMS,
  });
}

const STREAMS = 'CloudWatch Logs names the streams of a group, one for each container.';

function endpointLogs(to: LambdaFunction, models: readonly string[]): string[] {
  return models.map((model) =>
    Stack.of(to).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${endpointLogGroup(model)}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
}

export function runJobs(to: LambdaFunction, models: readonly string[], jobRole: Role): void {
  to.allow({
    sid: 'RunJobs',
    actions: [
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:StopTrainingJob',
      'sagemaker:AddTags',
    ],
    resources: ours(to, 'training-job', models, '-*'),
    because: NAMED_AFTER_RUNS,
  });
  followJobLogs(to);
  passRole(to, 'PassJobRole', jobRole);
}

export function readVersions(to: LambdaFunction, models: readonly string[]): void {
  allowVersions(to, models, 'ReadVersions');
}

/** Also records decisions in the registry; a version itself is never changed or deleted. */
export function decideVersions(to: LambdaFunction, models: readonly string[]): void {
  allowVersions(to, models, 'DecideVersions', 'sagemaker:UpdateModelPackage');
}

/** AWS's own policy for the registry also allows looking at the images that versions name. */
export function registerVersions(
  to: LambdaFunction,
  models: readonly string[],
  images: RecipeImages,
): void {
  allowVersions(
    to,
    models,
    'RegisterVersions',
    'sagemaker:CreateModelPackage',
    'sagemaker:UpdateModelPackage',
  );
  to.allow({
    sid: 'CreateGroups',
    actions: ['sagemaker:CreateModelPackageGroup', 'sagemaker:AddTags'],
    resources: ours(to, 'model-package-group', models, ''),
  });
  to.allow({
    sid: 'CheckImages',
    actions: ['ecr:BatchGetImage', 'ecr:DescribeImages'],
    resources: repositoryArns(to, images),
    because: 'Older versions name images of other repositories of AWS.',
  });
}

/** The group is named in requests for its versions, but AWS checks the versions. */
function allowVersions(
  to: LambdaFunction,
  models: readonly string[],
  sid: string,
  ...more: readonly string[]
): void {
  to.allow({
    sid,
    actions: ['sagemaker:ListModelPackages', 'sagemaker:DescribeModelPackage', ...more],
    resources: ours(to, 'model-package', models, '/*'),
    because: NUMBERED,
  });
}

export function describeEndpoints(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'DescribeEndpoints',
    actions: ['sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig'],
    resources: [...ours(to, 'endpoint', models, ''), ...ours(to, 'endpoint-config', models, '-*')],
    because: NAMED_AFTER_RUNS,
  });
  readMetrics(to);
}

/** Asks models as applications do. */
export function askEndpoints(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'AskEndpoints',
    actions: ['sagemaker:InvokeEndpoint'],
    resources: ours(to, 'endpoint', models, ''),
  });
}

export function changeEndpoints(
  to: LambdaFunction,
  models: readonly string[],
  endpointRole: Role,
): void {
  to.allow({
    sid: 'ChangeEndpoints',
    // An endpoint that never reached InService cannot be updated, only deleted.
    actions: [
      'sagemaker:DescribeEndpoint',
      'sagemaker:CreateEndpoint',
      'sagemaker:UpdateEndpoint',
      'sagemaker:DeleteEndpoint',
      'sagemaker:InvokeEndpoint',
      'sagemaker:CreateModel',
      'sagemaker:DeleteModel',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:CreateEndpointConfig',
      'sagemaker:DeleteEndpointConfig',
      'sagemaker:AddTags',
    ],
    resources: [
      ...ours(to, 'endpoint', models, ''),
      ...ours(to, 'endpoint-config', models, '-*'),
      ...ours(to, 'model', models, '-*'),
    ],
    because: NAMED_AFTER_RUNS,
  });
  to.allow({
    sid: 'ListConfigurations',
    actions: ['sagemaker:ListEndpointConfigs'],
    resources: ['*'],
    because: 'Listing has no resource ARNs; it returns names only.',
  });
  readMetrics(to);
  prepareEndpointLogs(to, models);
  passRole(to, 'PassEndpointRole', endpointRole);
}

function readMetrics(to: LambdaFunction): void {
  to.allow({
    sid: 'ReadMetrics',
    actions: ['cloudwatch:GetMetricStatistics'],
    resources: ['*'],
    because: 'CloudWatch metrics have no resource ARNs; this permits reading only.',
  });
}

function passRole(to: LambdaFunction, sid: string, role: Role): void {
  to.allow({
    sid,
    actions: ['iam:PassRole'],
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
}

function followJobLogs(to: LambdaFunction): void {
  allowLogs(
    to,
    'FollowJobLogs',
    'logs:GetLogEvents',
    'logs:DescribeLogStreams',
    'logs:FilterLogEvents',
  );
}

function allowLogs(to: LambdaFunction, sid: string, ...actions: readonly string[]): void {
  to.allow({
    sid,
    actions,
    resources: [
      Stack.of(to).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: '/aws/sagemaker/TrainingJobs:*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    because: 'SageMaker writes the logs of all jobs into one log group.',
  });
}
