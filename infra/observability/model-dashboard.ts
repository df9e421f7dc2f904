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

/** Runs, training, endpoint and cost of one model on one page. */
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
          graph('Training: what the script reports', [searchTraining(model, 'loss')]),
          graph('Training: the machine (%)', [
            searchTraining(model, 'GPUUtilization'),
            searchTraining(model, 'CPUUtilization'),
          ]),
        ],
        [
          graph('Answer time of the model (ms)', [metrics.latencyP50, metrics.latencyP95]),
          graph('Invocations', [metrics.invocations], [metrics.serverErrors, metrics.clientErrors]),
        ],
        [
          graph('Cold starts', [metrics.coldStarts], [metrics.coldStartSeconds]),
          graph('Memory (%)', [metrics.memory]),
        ],
        [graph('Cost a day, serving (USD, list price us-east-1)', [metrics.servingCost])],
      ],
    });
  }
}

/** Metrics of jobs carry the job's name, which begins with the model's. */
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
