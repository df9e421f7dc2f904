import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  MathExpression,
  TextWidget,
  Values,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { modelMetrics } from './model-metrics.ts';

/** What the widgets say instead of a model's name; CloudWatch replaces it by the chosen one. */
const CHOSEN = 'MODEL';

/**
 * One dashboard with runs, training, endpoint and cost of the model that is chosen above it. One for
 * each model would cost 3 USD a month from the fourth on.
 */
export class ModelDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly models: readonly string[]; readonly alarms: readonly Alarm[] },
  ) {
    super(scope, id);
    const { models, alarms } = props;
    const model = CHOSEN;
    const metrics = modelMetrics(model);
    const graph = (
      title: string,
      left: NonNullable<ConstructorParameters<typeof GraphWidget>[0]['left']>,
      right: NonNullable<ConstructorParameters<typeof GraphWidget>[0]['right']> = [],
    ) => new GraphWidget({ title, left, right, width: 12, height: 6, leftYAxis: { min: 0 } });

    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(7),
      variables: [
        new DashboardVariable({
          id: 'model',
          type: VariableType.PATTERN,
          label: 'Model',
          inputType: VariableInputType.SELECT,
          value: CHOSEN,
          values: Values.fromValues(...models.map((value) => ({ value }))),
          visible: true,
          ...(models[0] === undefined ? {} : { defaultValue: DefaultValue.value(models[0]) }),
        }),
      ],
      widgets: [
        [
          new TextWidget({
            markdown: `# ${model}\nThe runbook is docs/runbook.md.`,
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
          graph(
            'Invocations',
            [metrics.invocations],
            [metrics.serverErrors, metrics.failures, metrics.clientErrors],
          ),
        ],
        [
          graph('Cold starts', [metrics.coldStarts], [metrics.coldStartSeconds]),
          graph('Memory (%)', [metrics.memory]),
        ],
        [
          graph('Serving cost per day and GB of memory (USD, list price us-east-1)', [
            metrics.servingCost,
          ]),
        ],
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
