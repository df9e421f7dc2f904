import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Config } from '../../pipeline/core/config.ts';
import type { Stage } from '../config/stage.ts';
import { modelAlarm } from './model-alarms.ts';
import { ModelDashboard } from './model-dashboard.ts';

/** A dashboard, an alarm for every model, and the topic that sends alarms by mail. */
export class Observability extends Construct {
  readonly topic: Topic;
  /** With it start the names that CloudFormation gives to the alarms of all models. */
  readonly alarmPrefix: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, config }: { readonly stage: Stage; readonly config: Config },
  ) {
    super(scope, id);
    this.alarmPrefix = `${Stack.of(this).stackName}-${id}`;
    this.topic = new Topic(this, 'Alarms', { displayName: 'mlops-bot alarms', enforceSSL: true });
    // A policy of its own, as `enforceSSL` makes one, replaces the one that lets CloudWatch publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (stage.alarmEmail !== null) {
      this.topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    }
    const alarms = Object.entries(config.models).map(([model, { serving }]) =>
      modelAlarm(this, { model, memoryMB: serving.memoryMB, topic: this.topic }),
    );
    new ModelDashboard(this, 'Dashboard', { models: Object.keys(config.models), alarms });
  }
}
