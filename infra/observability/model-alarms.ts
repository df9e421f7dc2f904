import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ModelConfig } from '../../pipeline/core/config.ts';
import { alarm } from './alarm.ts';
import type { ModelMetrics } from './model-metrics.ts';

const MEMORY_PERCENT = 90;

/**
 * Alarms for the errors, latency and memory of an endpoint. During a bake window the run reacts
 * too.
 */
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
    const rollBack = `If it started after a deployment, roll back in Slack: /mlops rollback ${model}. Otherwise read the log of the endpoint.`;
    this.alarms = [
      alarm(this, 'Errors', {
        metric: metrics.errorRate,
        above: maxErrorRate,
        periods: 1,
        means: `More than ${maxErrorRate * 100} % of the requests to ${model} fail with a server error.`,
        todo: rollBack,
        runbook: 'endpoint-errors',
        topic,
      }),
      alarm(this, 'Latency', {
        metric: metrics.latencyP95,
        above: maxP95Milliseconds,
        periods: 3,
        means: `The p95 latency of ${model} is above ${maxP95Milliseconds} ms.`,
        todo: rollBack,
        runbook: 'endpoint-latency',
        topic,
      }),
      alarm(this, 'Memory', {
        metric: metrics.memory,
        above: MEMORY_PERCENT,
        periods: 3,
        means: `The container of ${model} uses more than ${MEMORY_PERCENT} % of its memory and is ended at 100 %.`,
        todo: `Raise models.${model}.serving.memoryMB in mlops.config.ts, deploy, and promote the version again.`,
        runbook: 'endpoint-memory',
        topic,
      }),
    ];
  }
}
