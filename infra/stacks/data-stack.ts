import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '../../pipeline/core/config.ts';
import type { Stage } from '../config/stage.ts';
import { bucketPrefixes } from '../names.ts';
import { ArtifactBucket } from '../storage/artifact-bucket.ts';
import { ModelGroups } from '../storage/model-groups.ts';
import { RunTable } from '../storage/run-table.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
  readonly config: Config;
}

/** Everything that outlives the service: files, records and registered versions. */
export class DataStack extends Stack {
  readonly bucket: IBucket;
  readonly table: ITableV2;

  constructor(scope: Construct, id: string, { stage, config, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: stage.protectData });
    this.bucket = new ArtifactBucket(this, 'Files').bucket;
    this.table = new RunTable(this, 'Records', { protect: stage.protectData }).table as ITableV2;
    new ModelGroups(this, 'Registry', config.models);
    new CfnOutput(this, 'Inbox', {
      description: 'Upload a dataset to <this>/<model>/ to start a run.',
      value: `s3://${this.bucket.bucketName}/${bucketPrefixes.inbox}`,
    });
  }
}
