import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ModelConfig } from '../../pipeline/core/config.ts';
import type { ModelMetrics } from './model-metrics.ts';

/** A dashboard with runs, training, endpoint and cost of one model. */
export class ModelDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly model: string;
      readonly config: ModelConfig;
      readonly metrics: ModelMetrics;
      readonly alarms: readonly Alarm[];
    },
  ) {
    super(scope, id);
    const { model, config, metrics, alarms } = props;
    const graph = (
      title: string,
      left: NonNullable<ConstructorParameters<typeof GraphWidget>[0]['left']>,
      right: NonNullable<ConstructorParameters<typeof GraphWidget>[0]['right']> = [],
    ) => new GraphWidget({ title, left, right, width: 12, height: 6, leftYAxis: { min: 0 } });

    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new TextWidget({
            markdown: `# ${config.title}\nModel \`${model}\`, recipe \`${config.recipe}\`, ${config.serving.memoryMB} MB. The runbook is docs/runbook.md.`,
            width: 24,
            height: 2,
          }),
        ],
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 })],
        [
          graph('Runs', [metrics.started, metrics.deployed, metrics.failed, metrics.reverted]),
          graph('Jobs', [metrics.jobSeconds, metrics.waitingSeconds], [metrics.interruptions]),
        ],
        [
          graph('Training: loss', [searchTraining(model, 'loss')]),
          graph('Training: GPU and CPU (%)', [
            searchTraining(model, 'GPUUtilization'),
            searchTraining(model, 'CPUUtilization'),
          ]),
        ],
        [
          graph('Model latency (ms)', [metrics.latencyP50, metrics.latencyP95]),
          graph('Invocations', [metrics.invocations], [metrics.serverErrors, metrics.clientErrors]),
        ],
        [
          graph('Cold starts', [metrics.coldStarts], [metrics.coldStartSeconds]),
          graph('Memory (%)', [metrics.memory]),
        ],
        [graph('Serving cost per day (USD, list price us-east-1)', [metrics.servingCost])],
      ],
    });
  }
}

/** Job metrics have the job's name as a dimension, and it starts with the model's name. */
function searchTraining(model: string, metric: string): MathExpression {
  const schema =
    metric === 'loss'
      ? '{/aws/sagemaker/TrainingJobs,TrainingJobName}'
      : '{/aws/sagemaker/TrainingJobs,Host}';
  return new MathExpression({
    expression: `SEARCH('${schema} "${model}" ${metric}', 'Average', 60)`,
    label: metric === 'loss' ? '' : metric,
    usingMetrics: {},
    period: Duration.minutes(1),
  });
}
