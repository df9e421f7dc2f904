import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ModelConfig } from '../../pipeline/core/config.ts';
import { alarm } from './alarm.ts';
import type { ModelMetrics } from './model-metrics.ts';

const MEMORY_PERCENT = 90;

/** The lines an endpoint must not cross. Inside a bake window the run itself reacts as well. */
export class ModelAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly model: string;
      readonly config: ModelConfig;
      readonly metrics: ModelMetrics;
      readonly topic: ITopic;
    },
  ) {
    super(scope, id);
    const { model, config, metrics, topic } = props;
    const { maxErrorRate, maxP95Milliseconds } = config.alerts;
    const rollBack = `If it began with a deployment, roll back in Slack: /mlops rollback ${model}.`;
    this.alarms = [
      alarm(this, 'Errors', {
        metric: metrics.errorRate,
        above: maxErrorRate,
        periods: 1,
        means: `More than ${maxErrorRate * 100} % of the requests to ${model} fail.`,
        todo: rollBack,
        runbook: 'endpoint-errors',
        topic,
      }),
      alarm(this, 'Latency', {
        metric: metrics.latencyP95,
        above: maxP95Milliseconds,
        periods: 3,
        means: `${model} takes longer than ${maxP95Milliseconds} ms for 1 of 20 answers.`,
        todo: rollBack,
        runbook: 'endpoint-latency',
        topic,
      }),
      alarm(this, 'Memory', {
        metric: metrics.memory,
        above: MEMORY_PERCENT,
        periods: 3,
        means: `${model} uses more than ${MEMORY_PERCENT} % of its memory.`,
        todo: `Raise models.${model}.serving.memoryMB in mlops.config.ts and deploy, before it is killed.`,
        runbook: 'endpoint-memory',
        topic,
      }),
    ];
  }
}
