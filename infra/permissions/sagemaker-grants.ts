import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { LambdaFunction } from '../functions/lambda-function.ts';

/** What functions may do with SageMaker. Each grant is one reason for its permissions. */

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
    because: 'SageMaker writes the logs of all jobs into one log group.',
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

/** Records decisions in the registry; a version itself is never changed or deleted. */
export function recordApprovals(to: LambdaFunction, models: readonly string[]): void {
  to.allow({
    sid: 'RecordApprovals',
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
    because: 'CloudWatch metrics have no resource ARNs; this permits reading only.',
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
    // An endpoint that never reached InService cannot be updated, only deleted.
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
    sid: 'CreateAndPruneConfigurations',
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
    because: 'Listing has no resource ARNs; it returns names only.',
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

function trainingLogs(to: LambdaFunction): string {
  return Stack.of(to).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/sagemaker/TrainingJobs:*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
