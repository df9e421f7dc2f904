import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarm } from './alarm.ts';
import { modelMetrics } from './model-metrics.ts';

const MEMORY_PERCENT = 90;

/**
 * The alarm for the memory of an endpoint. Errors and latency have none: the function *signals* reads
 * them in every check and opens an alert in Slack by the same thresholds.
 */
export function modelAlarm(
  scope: Construct,
  {
    model,
    memoryMB,
    topic,
  }: { readonly model: string; readonly memoryMB: number; readonly topic: ITopic },
): Alarm {
  return alarm(scope, `Memory-${model}`, {
    metric: modelMetrics(model).memory,
    above: MEMORY_PERCENT,
    periods: 3,
    means: `The container of ${model} uses more than ${MEMORY_PERCENT} % of its ${memoryMB} MB of memory and is ended at 100 %.`,
    todo: `Raise models.${model}.serving.memoryMB in mlops.config.ts, deploy, and promote the version again.`,
    runbook: 'endpoint-memory',
    topic,
  });
}
