import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { bucketPrefixes } from '../names.ts';
import { acknowledge } from './acknowledge.ts';
import {
  allowImages,
  allowLogs,
  type SageMakerRoleProps,
  sageMakerRole,
} from './sage-maker-role.ts';

/**
 * The role of training and evaluation jobs. They read code and data of all models, write under
 * `runs/` and `checkpoints/` only, and have no access to the registry, the endpoints and the table.
 */
export class JobRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { bucket, images }: SageMakerRoleProps) {
    super(scope, id);
    this.role = sageMakerRole(this, 'Role of the training and evaluation jobs of mlops-bot.');
    const { datasets, runs, code, baseModels, checkpoints } = bucketPrefixes;
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadInputs',
        actions: ['s3:GetObject'],
        resources: [datasets, runs, code, baseModels, checkpoints].map((prefix) =>
          bucket.arnForObjects(`${prefix}*`),
        ),
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteResults',
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [runs, checkpoints].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'DeleteOldCheckpoints',
        actions: ['s3:DeleteObject'],
        resources: [bucket.arnForObjects(`${checkpoints}*`)],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'ListFiles',
        actions: ['s3:ListBucket', 's3:GetBucketLocation'],
        resources: [bucket.bucketArn],
      }),
    );
    allowLogs(this.role, '/aws/sagemaker/TrainingJobs');
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
      }),
    );
    allowImages(this.role, images);
    acknowledge(this.role, {
      'AwsSolutions-IAM5[…*]':
        'Objects are named after runs, log streams after jobs. PutMetricData and GetAuthorizationToken have no resource ARNs; a condition limits the former to its namespace.',
    });
  }
}
