import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketPrefixes } from '../names.ts';
import { acknowledge } from '../permissions/acknowledge.ts';

/**
 * All files: uploaded datasets, the outputs of runs, checkpoints, models, pretrained base models
 * and the code of jobs. Versioned, so that overwriting loses nothing; retained when the stack is
 * deleted.
 */
export class ArtifactBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const shared = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...shared,
      lifecycleRules: [{ id: 'forget', expiration: Duration.days(90) }],
    });
    acknowledge(accessLogs, {
      'AwsSolutions-S1': 'This bucket holds the access logs; logging access to it would never end.',
    });
    const bucket = new Bucket(this, 'Artifacts', {
      ...shared,
      versioned: true,
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: 'artifacts/',
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(3) },
        { id: 'overwritten', noncurrentVersionExpiration: Duration.days(14) },
        {
          // Longer than any job; SageMaker overwrites them and keeps no version.
          id: 'checkpoints',
          prefix: bucketPrefixes.checkpoints,
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          // Every accepted file is also stored under `datasets/`.
          id: 'inbox',
          prefix: bucketPrefixes.inbox,
          expiration: Duration.days(30),
        },
        {
          id: 'slack-inbox',
          prefix: bucketPrefixes.slackInbox,
          expiration: Duration.days(30),
        },
        {
          id: 'runs',
          prefix: bucketPrefixes.runs,
          transitions: [
            {
              // A rollback reads old models at once, so archive classes do not fit.
              storageClass: StorageClass.INTELLIGENT_TIERING,
              transitionAfter: Duration.days(30),
            },
          ],
        },
      ],
    });
    notifyEventBridge(bucket);
    this.bucket = bucket as IBucket;
  }
}

/** Plain CloudFormation, because `eventBridgeEnabled` of the CDK adds a function with `s3:Put*`. */
function notifyEventBridge(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error('A bucket has its CfnBucket as child.');
  resource.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}
