import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { SentQuestion } from '../../bot/cli/question.ts';
import type { Stage } from '../config/stage.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { acknowledge } from '../permissions/acknowledge.ts';

/** The same for every retry of a delivery, so the run starts once. */
const SCHEDULED_AT = '<aws.scheduler.scheduled-time>';

/**
 * Schedules for retraining, for checking endpoints, and for repairing runs whose events were lost.
 */
export class Schedules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stage: Stage;
      readonly commands: LambdaFunction;
      /** The alias of *commands* that schedules may invoke. */
      readonly commandsAlias: Alias;
      readonly signals: LambdaFunction;
    },
  ) {
    super(scope, id);
    const { stage, commands, commandsAlias, signals } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Role of the schedules of mlops-bot.',
    });
    acknowledge(role, {
      'AwsSolutions-IAM5[…:*]': 'The CDK target also allows the versions of the function.',
    });
    for (const [model, expression] of Object.entries(stage.retrain)) {
      new Schedule(this, `Retrain-${model}`, {
        description: `Retrains ${model} on its newest dataset.`,
        schedule: ScheduleExpression.expression(expression),
        target: target({
          role,
          handler: commands,
          alias: commandsAlias,
          input: {
            kind: 'command',
            words: ['retrain', model],
            requestId: `${model}:${SCHEDULED_AT}`,
          } satisfies SentQuestion,
        }),
      });
    }
    new Schedule(this, 'Watch', {
      description: 'Checks the metrics of the endpoints and ends expired mutes.',
      schedule: ScheduleExpression.rate(Duration.minutes(stage.watchMinutes)),
      target: target({ role, handler: signals, input: { scheduled: 'watch' } }),
    });
    new Schedule(this, 'Sweep', {
      description: 'Repairs waiting runs whose events were lost.',
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      target: target({ role, handler: signals, input: { scheduled: 'sweep' } }),
    });
  }
}

function target(options: {
  readonly role: Role;
  readonly handler: LambdaFunction;
  /** Alias to invoke instead of the function itself. */
  readonly alias?: Alias;
  readonly input: object;
}): LambdaInvoke {
  const { role, handler, alias, input } = options;
  if (handler.deadLetters === null) {
    throw new Error(
      `${handler.node.path} is invoked by a schedule, so it needs a dead-letter queue.`,
    );
  }
  return new LambdaInvoke((alias ?? handler.lambda) as IFunction, {
    role,
    input: ScheduleTargetInput.fromObject(input),
    deadLetterQueue: handler.deadLetters,
    retryAttempts: 5,
    maxEventAge: Duration.hours(1),
  });
}
