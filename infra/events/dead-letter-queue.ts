import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../permissions/acknowledge.ts';

/** Where messages end that nobody could handle; `QueueAlarms` watches every one of them. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest SQS offers: a long weekend must not lose anything.
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this, {
      'AwsSolutions-SQS3': 'This is the dead-letter queue of a function; an alarm watches it.',
    });
  }
}
