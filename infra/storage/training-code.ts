import { FileSystem, Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { bucketPrefixes } from '../names.ts';
import { acknowledge } from '../permissions/acknowledge.ts';

/**
 * The Python code of jobs, under `code/<hash of its content>/`. A run keeps the code it started
 * with, because its version of the pipeline function names that prefix. Old prefixes are retained.
 */
export class TrainingCode extends Construct {
  /** Ends in `/`. */
  readonly prefix: string;

  constructor(
    scope: Construct,
    id: string,
    { folder, bucket }: { readonly folder: string; readonly bucket: IBucket },
  ) {
    super(scope, id);
    this.prefix = `${bucketPrefixes.code}${FileSystem.fingerprint(folder).slice(0, 16)}/`;
    new BucketDeployment(this, 'Deployment', {
      sources: [Source.asset(folder)],
      destinationBucket: bucket,
      destinationKeyPrefix: this.prefix,
      prune: false,
      retainOnDelete: true,
      memoryLimit: 512,
    });
    for (const child of Stack.of(this).node.children) {
      if (child.node.id.startsWith('Custom::CDKBucketDeployment')) {
        acknowledge(child, {
          'AwsSolutions-L1': 'The CDK chooses the runtime of its uploader.',
          'AwsSolutions-IAM4[…]': 'The managed policy lets the uploader of the CDK write its logs.',
          'AwsSolutions-IAM5[…]': 'The uploader of the CDK writes the files of the assets.',
        });
      }
    }
  }
}
