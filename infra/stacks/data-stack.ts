import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { bucketPrefixes } from '../names.ts';
import { ArtifactBucket } from '../storage/artifact-bucket.ts';
import { RunTable } from '../storage/run-table.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
}

/**
 * Everything that outlives the service: files and records. The groups of the registry do too, but the
 * first version of a model makes its own: a stack cannot take over the one of an earlier stack, or of a
 * model that was removed and is back.
 */
export class DataStack extends Stack {
  readonly bucket: IBucket;
  readonly table: ITableV2;

  constructor(scope: Construct, id: string, { stage, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: stage.protectData });
    this.bucket = new ArtifactBucket(this, 'Files').bucket;
    this.table = new RunTable(this, 'Records', { protect: stage.protectData }).table as ITableV2;
    new CfnOutput(this, 'Inbox', {
      description: 'Upload a dataset to <this>/<model>/ to start a run.',
      value: `s3://${this.bucket.bucketName}/${bucketPrefixes.inbox}`,
    });
  }
}
