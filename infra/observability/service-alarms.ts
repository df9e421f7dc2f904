import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Functions } from '../permissions/grant-everything.ts';
import { alarm } from './alarm.ts';

/** Alarms for our functions and queues. */
export class ServiceAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly functions: Functions;
      readonly announceDeadLetters: IQueue;
      readonly announcements: IQueue;
      readonly topic: ITopic;
    },
  ) {
    super(scope, id);
    const { functions, announceDeadLetters, announcements, topic } = props;
    const deadLetters: [string, IQueue][] = [['announce', announceDeadLetters]];
    for (const [name, { deadLetters: own }] of Object.entries(functions)) {
      if (own !== null) deadLetters.push([name, own]);
    }
    for (const [name, queue] of deadLetters) {
      alarm(this, `DeadLetters-${name}`, {
        metric: queue.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          period: Duration.minutes(1),
        }),
        above: 0,
        periods: 1,
        means: `The function ${name} gave up on a message after its last retry.`,
        todo: 'Read the message in the dead-letter queue and the log of the function, fix the cause, then redrive the queue.',
        runbook: 'dead-letters',
        topic,
      });
    }
    // The metric of all functions of the Region: one for each function would be billed seven times.
    alarm(this, 'Errors', {
      metric: Lambda.metricAllErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      above: 2,
      periods: 1,
      means: 'Functions of this account in this Region failed at least 3 times within 5 minutes.',
      todo: 'Lambda → Functions shows which. Read its log and fix the cause. Lambda retries asynchronous invocations, then moves them to the dead-letter queue.',
      runbook: 'function-errors',
      topic,
    });
    alarm(this, 'AnnouncementsLate', {
      metric: announcements.metricApproximateAgeOfOldestMessage({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      above: 900,
      periods: 1,
      means: 'Slack messages are 15 minutes behind.',
      todo: 'Runs continue. Check whether Slack is down (slack-status.com) or the bot token was revoked.',
      runbook: 'announcements-late',
      topic,
    });
    alarm(this, 'SlackSlow', {
      metric: functions.slack.lambda.metricDuration({
        statistic: Stats.p(99),
        period: Duration.minutes(5),
      }),
      above: 2_500,
      periods: 1,
      means:
        'The p99 response time to Slack is above 2.5 s. After 3 s Slack shows an error to the user.',
      todo: 'Look for throttling in the log of the function slack. Raise its memory if cold starts are slow.',
      runbook: 'slack-slow',
      topic,
    });
  }
}
