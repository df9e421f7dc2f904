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

/** The role of serving containers: they load models and write logs and metrics. */
export class EndpointRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { bucket, images }: SageMakerRoleProps) {
    super(scope, id);
    this.role = sageMakerRole(this, 'Role of the endpoints of mlops-bot.');
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadModels',
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(`${bucketPrefixes.runs}*`)],
      }),
    );
    allowLogs(this.role, '/aws/sagemaker/Endpoints/*');
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: {
          StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'AWS/SageMaker'] },
        },
      }),
    );
    allowImages(this.role, images);
    acknowledge(this.role, {
      'AwsSolutions-IAM5[…*]':
        'Models are named after runs, log streams after containers. PutMetricData and GetAuthorizationToken have no resource ARNs; a condition limits the former to its namespace.',
    });
  }
}
