import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { imageAddresses } from '../config/images.ts';
import type { Stage } from '../config/stage.ts';
import { METRIC_NAMESPACE, secretNames } from '../names.ts';

/** Environment variables that describe the stack. They name secrets and never contain them. */
export function environmentOf(stack: {
  readonly stage: Stage;
  readonly bucket: IBucket;
  readonly table: ITableV2;
  readonly bus: IEventBus;
  readonly queue: Queue;
  readonly jobRole: Role;
  readonly endpointRole: Role;
  readonly prepare: Lambda;
  readonly codePrefix: string;
}): Readonly<Record<string, string>> {
  const { stage } = stack;
  const secrets = secretNames(stage.name);
  const images = (purpose: 'training' | 'inference') =>
    JSON.stringify(imageAddresses(stage.images, purpose, stage.region));
  return {
    MLOPS_BUCKET: stack.bucket.bucketName,
    MLOPS_TABLE: stack.table.tableName,
    MLOPS_EVENT_BUS: stack.bus.eventBusName,
    MLOPS_PREPARE_FUNCTION: stack.prepare.functionName,
    MLOPS_JOB_ROLE: stack.jobRole.roleArn,
    MLOPS_ENDPOINT_ROLE: stack.endpointRole.roleArn,
    MLOPS_CODE_PREFIX: stack.codePrefix,
    MLOPS_TRAINING_IMAGES: images('training'),
    MLOPS_INFERENCE_IMAGES: images('inference'),
    MLOPS_LONGEST_RUN_DAYS: String(stage.longestRunDays),
    MLOPS_LOG_RETENTION_DAYS: String(stage.logRetentionDays),
    MLOPS_TAGS: JSON.stringify({ stage: stage.name }),
    MLOPS_ANNOUNCEMENTS_QUEUE: stack.queue.queueUrl,
    MLOPS_SLACK_BOT_TOKEN: secrets.botToken,
    MLOPS_SLACK_SIGNING_SECRET: secrets.signingSecret,
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
  };
}

/**
 * A function's environment cannot contain the ARN of its own alias: the alias refers to a version,
 * and the version contains the environment. So it gets the start of the ARN and the name of the
 * alias.
 */
export function ownAliasEnvironment(scope: Construct, alias: string) {
  return {
    MLOPS_FUNCTIONS_ARN: Stack.of(scope).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: '',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
    MLOPS_ALIAS: alias,
  };
}
