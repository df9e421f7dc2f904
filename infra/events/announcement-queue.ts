import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';

/**
 * Hints that a Slack message may be out of date, for the only function that posts to Slack. While
 * Slack is slow, rate-limited or down, hints wait here and nothing else is affected.
 */
export class AnnouncementQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(
    scope: Construct,
    id: string,
    /**
     * Lambda recommends six times the time-out of the consumer (`handlerSeconds`) and the time in
     * which it collects a batch as visibility time-out.
     */
    {
      handlerSeconds,
      batchSeconds,
      attempts,
    }: {
      readonly handlerSeconds: number;
      readonly batchSeconds: number;
      readonly attempts: number;
    },
  ) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(handlerSeconds * 6 + batchSeconds),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: attempts },
    });
  }
}
