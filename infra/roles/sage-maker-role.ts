import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** AWS's account of the Deep Learning Containers; the same in every Region we deploy to. */
const DEEP_LEARNING_CONTAINERS = '763104351884';

/** A role that only SageMaker, and only for this account, may take. */
export function sageMakerRole(scope: Construct, description: string): Role {
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
  });
}

export function allowLogs(role: Role, logGroup: string): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:DescribeLogStreams',
      ],
      resources: [
        Stack.of(role).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `${logGroup}:*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  );
}

/** Pulling from AWS's own repositories; `GetAuthorizationToken` has no resources. */
export function allowImages(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'PullImages',
      actions: [
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchCheckLayerAvailability',
      ],
      resources: ['huggingface-pytorch-*', 'pytorch-*', 'sagemaker-scikit-learn*'].map((name) =>
        Stack.of(role).formatArn({
          service: 'ecr',
          account: DEEP_LEARNING_CONTAINERS,
          resource: 'repository',
          resourceName: name,
        }),
      ),
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'LogInToRegistry',
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
    }),
  );
}
