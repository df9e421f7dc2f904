import { Duration } from 'aws-cdk-lib';
import { type EventPattern, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { bucketPrefixes, EVENT_SOURCE } from '../names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** EventBridge tries again with growing pauses; what is older than this is no news any more. */
const delivery = (deadLetterQueue: DeadLetterQueue) => ({
  deadLetterQueue,
  retryAttempts: 20,
  maxEventAge: Duration.hours(6),
});

/** A dropped file reaches the ingest function. */
export class InboxRule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly bucket: IBucket; readonly ingest: LambdaFunction },
  ) {
    super(scope, id);
    new Rule(this, 'ObjectCreated', {
      description: 'A file was dropped into the inbox.',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [props.bucket.bucketName] },
          object: { key: Match.prefix(bucketPrefixes.inbox) },
        },
      },
      targets: [toFunction(props.ingest)],
    });
  }
}

/** What AWS says about jobs, endpoints, versions, alarms and runs reaches the signals function. */
export class SignalRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly signals: LambdaFunction;
      readonly pipeline: LambdaFunction;
      readonly models: readonly string[];
      /** Alarms whose state the pipeline reacts to. */
      readonly alarmNames: readonly string[];
    },
  ) {
    super(scope, id);
    const { models, signals, pipeline, alarmNames } = props;
    const target = toFunction(signals);
    const tell = (name: string, description: string, eventPattern: EventPattern) =>
      new Rule(this, name, { description, eventPattern, targets: [target] });
    const sageMaker = (what: string, detail: EventPattern['detail']): EventPattern => ({
      source: ['aws.sagemaker'],
      detailType: [`SageMaker ${what} State Change`],
      ...(detail === undefined ? {} : { detail }),
    });

    tell('Jobs', 'A training or evaluation job changed.', {
      ...sageMaker('Training Job', {
        TrainingJobName: Match.anyOf(...models.map((model) => Match.prefix(`${model}-`))),
      }),
    });
    tell('Endpoints', 'An endpoint changed.', {
      ...sageMaker('Endpoint', { EndpointName: [...models] }),
    });
    tell('Versions', 'A version was approved or rejected, here or in SageMaker Studio.', {
      ...sageMaker('Model Package', { ModelPackageGroupName: [...models] }),
    });
    tell('Alarms', 'An endpoint crossed a line, or came back over it.', {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: [...alarmNames], state: { value: ['ALARM', 'OK'] } },
    });
    tell('Runs', 'A durable execution ended other than by its own last line.', {
      source: ['aws.lambda'],
      detailType: ['Durable Execution Status Change'],
      detail: {
        functionArn: Match.prefix(pipeline.lambda.functionArn),
        status: ['FAILED', 'TIMED_OUT', 'STOPPED'],
      },
    });
  }
}

/** Domain events reach the queue before the announcing function. */
export class AnnouncementRule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly bus: IEventBus;
      readonly queue: Queue;
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id);
    new Rule(this, 'DomainEvents', {
      description: 'A run changed; its card may be out of date.',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new SqsQueue(props.queue, delivery(props.deadLetters))],
    });
  }
}

function toFunction(handler: LambdaFunction): LambdaTarget {
  if (handler.deadLetters === null) {
    throw new Error(`${handler.node.path} takes events and needs a place for failed ones.`);
  }
  return new LambdaTarget(handler.lambda, delivery(handler.deadLetters));
}
