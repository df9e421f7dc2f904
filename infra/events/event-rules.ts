import { Duration } from 'aws-cdk-lib';
import { type EventPattern, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { bucketPrefixes, EVENT_SOURCE } from '../names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** EventBridge retries with backoff. Polling has replaced any event older than this. */
const delivery = (deadLetterQueue: DeadLetterQueue) => ({
  deadLetterQueue,
  retryAttempts: 20,
  maxEventAge: Duration.hours(6),
});

/** Sends uploaded datasets to the function *ingest*. */
export class InboxRule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly bucket: IBucket; readonly ingest: LambdaFunction },
  ) {
    super(scope, id);
    const { inbox, slackInbox } = bucketPrefixes;
    new Rule(this, 'ObjectCreated', {
      description: 'A file was uploaded to the inbox.',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [props.bucket.bucketName] },
          object: { key: Match.anyOf(...[inbox, slackInbox].map((each) => Match.prefix(each))) },
        },
      },
      targets: [toFunction(props.ingest)],
    });
  }
}

/** Sends state changes of jobs, endpoints, versions, alarms and runs to the function *signals*. */
export class SignalRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly signals: LambdaFunction;
      readonly pipeline: LambdaFunction;
      readonly models: readonly string[];
      /** The start of the names of the alarms that the pipeline reacts to. */
      readonly alarmPrefix: string;
    },
  ) {
    super(scope, id);
    const { models, signals, pipeline, alarmPrefix } = props;
    const target = toFunction(signals);
    const rule = (name: string, description: string, eventPattern: EventPattern) =>
      new Rule(this, name, { description, eventPattern, targets: [target] });
    const sageMaker = (what: string, detail: EventPattern['detail']): EventPattern => ({
      source: ['aws.sagemaker'],
      detailType: [`SageMaker ${what} State Change`],
      ...(detail === undefined ? {} : { detail }),
    });

    for (const [index, some] of inGroups(models).entries()) {
      const name = (what: string) => (index === 0 ? what : `${what}${index + 1}`);
      rule(name('Jobs'), 'A training or evaluation job changed its status.', {
        ...sageMaker('Training Job', {
          TrainingJobName: Match.anyOf(...some.map((model) => Match.prefix(`${model}-`))),
        }),
      });
      rule(name('Endpoints'), 'An endpoint changed its status.', {
        ...sageMaker('Endpoint', { EndpointName: [...some] }),
      });
      rule(
        name('Versions'),
        'A version was approved or rejected, by the bot or in SageMaker Studio.',
        sageMaker('Model Package', { ModelPackageGroupName: [...some] }),
      );
    }
    rule('Alarms', 'An alarm of an endpoint was raised or cleared.', {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: Match.prefix(alarmPrefix), state: { value: ['ALARM', 'OK'] } },
    });
    rule('Runs', 'A durable execution failed, timed out or was stopped.', {
      source: ['aws.lambda'],
      detailType: ['Durable Execution Status Change'],
      detail: {
        functionArn: Match.prefix(pipeline.lambda.functionArn),
        status: ['FAILED', 'TIMED_OUT', 'STOPPED'],
      },
    });
  }
}

/** Sends domain events to the queue of the function *announce*. */
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
      description: 'A run or an alert changed, so its Slack message may be out of date.',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new SqsQueue(props.queue, delivery(props.deadLetters))],
    });
  }
}

/** A pattern of EventBridge has at most 2,048 characters. */
function inGroups(models: readonly string[]): readonly (readonly string[])[] {
  const size = 40;
  return Array.from({ length: Math.ceil(models.length / size) }, (_, at) =>
    models.slice(at * size, (at + 1) * size),
  );
}

function toFunction(handler: LambdaFunction): LambdaTarget {
  if (handler.deadLetters === null) {
    throw new Error(`${handler.node.path} receives events, so it needs a dead-letter queue.`);
  }
  return new LambdaTarget(handler.lambda, delivery(handler.deadLetters));
}
