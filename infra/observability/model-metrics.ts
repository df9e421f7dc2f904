import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { failureMetric } from '../../pipeline/aws/endpoint/failure-metric.ts';
import { endpointName } from '../../pipeline/core/names.ts';
import { METRIC_NAMESPACE } from '../names.ts';

/** The only variant of our endpoints. */
const VARIANT = 'AllTraffic';
const PERIOD = Duration.minutes(5);
/** Serverless inference in us-east-1, USD per second and GB of memory. */
const SERVING_PRICE = 0.00002;

/** The CloudWatch metrics of one model: its endpoint and its runs. */
export function modelMetrics(model: string) {
  const endpoint = (metricName: string, statistic: string, label: string) =>
    new Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      statistic,
      label,
      period: PERIOD,
      dimensionsMap: { EndpointName: endpointName(model), VariantName: VARIANT },
    });
  const runs = (metricName: string, label: string) =>
    new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      statistic: 'Sum',
      label,
      period: PERIOD,
      dimensionsMap: { service: 'runs', model },
    });
  const milliseconds = (statistic: 'p50' | 'p95') =>
    new MathExpression({
      expression: `${statistic} / 1000`,
      usingMetrics: { [statistic]: endpoint('ModelLatency', statistic, statistic) },
      label: statistic,
      period: PERIOD,
    });
  const invocations = endpoint('Invocations', 'Sum', 'invocations');
  const serverErrors = endpoint('Invocation5XXErrors', 'Sum', 'server errors');
  return {
    invocations,
    serverErrors,
    failures: new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: failureMetric(endpointName(model)),
      statistic: 'Sum',
      label: 'failures that containers report',
      period: PERIOD,
    }),
    clientErrors: endpoint('Invocation4XXErrors', 'Sum', 'client errors'),
    coldStarts: endpoint('ModelSetupTime', 'SampleCount', 'cold starts'),
    coldStartSeconds: new MathExpression({
      expression: 'setup / 1000000',
      usingMetrics: { setup: endpoint('ModelSetupTime', 'p95', 'setup') },
      label: 'cold start, p95',
      period: PERIOD,
    }),
    latencyP50: milliseconds('p50'),
    latencyP95: milliseconds('p95'),
    memory: new Metric({
      namespace: '/aws/sagemaker/Endpoints',
      metricName: 'MemoryUtilization',
      statistic: 'Maximum',
      label: 'memory used (%)',
      period: PERIOD,
      dimensionsMap: { EndpointName: endpointName(model), VariantName: VARIANT },
    }),
    servingCost: new MathExpression({
      expression: `(latency + setup) / 1000000 * ${SERVING_PRICE}`,
      usingMetrics: {
        latency: endpoint('ModelLatency', 'Sum', 'latency'),
        setup: endpoint('ModelSetupTime', 'Sum', 'setup'),
      },
      label: 'serving, per GB of memory (USD)',
      period: Duration.days(1),
    }),
    jobSeconds: runs('JobSeconds', 'job seconds'),
    waitingSeconds: runs('WaitingSeconds', 'seconds without capacity'),
    interruptions: runs('TrainingInterrupted', 'interruptions'),
    started: runs('RunStarted', 'runs started'),
    deployed: runs('RunDeployed', 'deployed'),
    failed: runs('RunFailed', 'failed'),
    reverted: runs('DeploymentReverted', 'reverted deployments'),
  };
}
