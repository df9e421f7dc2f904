import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Config } from '../../pipeline/core/config.ts';
import type { Stage } from '../config/stage.ts';
import { ModelAlarms } from './model-alarms.ts';
import { ModelDashboard } from './model-dashboard.ts';
import { modelMetrics } from './model-metrics.ts';

/** A dashboard and alarms for every model, and the topic that sends alarms by mail. */
export class Observability extends Construct {
  readonly topic: Topic;
  /** Names of the alarms of all models. */
  readonly modelAlarms: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { stage, config }: { readonly stage: Stage; readonly config: Config },
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Alarms', { displayName: 'mlops-bot alarms', enforceSSL: true });
    if (stage.alarmEmail !== null) {
      this.topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    }
    const names: string[] = [];
    for (const [model, settings] of Object.entries(config.models)) {
      const metrics = modelMetrics(model, settings.serving.memoryMB);
      const { alarms } = new ModelAlarms(this, `Alarms-${model}`, {
        model,
        config: settings,
        metrics,
        topic: this.topic,
      });
      new ModelDashboard(this, `Dashboard-${model}`, { model, config: settings, metrics, alarms });
      names.push(...alarms.map(({ alarmName }) => alarmName));
    }
    this.modelAlarms = names;
  }
}
