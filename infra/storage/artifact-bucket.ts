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
 * Everything that is a file: dropped datasets, what runs made of them, checkpoints, models, pretrained
 * ones to start from, and the code of the jobs. Versioned, so that nothing is lost by overwriting; kept when the stack goes.
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
      'AwsSolutions-S1': 'This bucket holds the access logs; logging itself would never end.',
    });
    const bucket = new Bucket(this, 'Artifacts', {
      ...shared,
      versioned: true,
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: 'artifacts/',
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(3) },
        { id: 'overwritten', noncurrentVersionExpiration: Duration.days(90) },
        {
          // Every file that was taken lies under `datasets/` as well.
          id: 'inbox',
          prefix: bucketPrefixes.inbox,
          expiration: Duration.days(30),
        },
        {
          id: 'runs',
          prefix: bucketPrefixes.runs,
          transitions: [
            {
              // Rollback reads old models at once, so no class with a retrieval time.
              storageClass: StorageClass.INTELLIGENT_TIERING,
              transitionAfter: Duration.days(30),
            },
          ],
        },
      ],
    });
    tellEventBridge(bucket);
    this.bucket = bucket as IBucket;
  }
}

/** Plain CloudFormation; `eventBridgeEnabled` of the CDK would add a function and `s3:Put*` on it. */
function tellEventBridge(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error('A bucket has its CfnBucket as child.');
  resource.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}
