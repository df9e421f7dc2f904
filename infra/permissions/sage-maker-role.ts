import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import {
  ownRepositories,
  type RecipeImages,
  registryAccount,
  SCIKIT_LEARN,
} from '../config/images.ts';

/** Of AWS, also those of older runs and endpoints. */
const repositories = ['huggingface-pytorch-*', 'pytorch-*', `${SCIKIT_LEARN}*`] as const;

export interface SageMakerRoleProps {
  readonly bucket: IBucket;
  /** Your own images among these may be pulled as well as those of AWS. */
  readonly images: RecipeImages;
}

/** A role that only SageMaker may assume, and only for this account. */
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

/**
 * Allows pulling from the repositories of AWS and your own. `GetAuthorizationToken` has no resource
 * ARNs.
 */
export function allowImages(role: Role, images: RecipeImages): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'PullImages',
      actions: [
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchCheckLayerAvailability',
      ],
      resources: repositoryArns(role, images),
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

/** Repositories of AWS, also those that older runs and endpoints use, and your own. */
export function repositoryArns(scope: IConstruct, images: RecipeImages): string[] {
  const stack = Stack.of(scope);
  return [
    ...repositories.map((repository) => ({
      account: registryAccount(repository, stack.region),
      region: stack.region,
      repository,
    })),
    ...ownRepositories(images),
  ].map(({ account, region, repository }) =>
    stack.formatArn({
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName: repository,
    }),
  );
}
