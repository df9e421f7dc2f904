import type { Config } from '../../pipeline/core/config.ts';
import { METRIC_NAMESPACE } from '../names.ts';
import { nameOf } from '../permissions/iam-table.ts';
import { free, MINUTES_A_MONTH, prices } from './prices.ts';
import { type Profile, work } from './profile.ts';
import { type CostTemplate, metricsOf, namespacesIn, timesAMonth } from './read-template.ts';

export interface CostLine {
  readonly service: string;
  /** A month, in USD. */
  readonly usd: number;
  /** The figures it is made of. */
  readonly how: string;
}

/** Types of resources that cost something, by the use that {@link estimate} computes for them. */
const billed = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
]);

/** Types that cost nothing by themselves. */
const costFree = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CDK::Metadata',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'Custom::CDKBucketDeployment',
]);

/** Namespaces of metrics: those of services are free, the others are in `work.metricHours`. */
const namespaces = new Set([
  'AWS/Lambda',
  'AWS/SQS',
  'AWS/SageMaker',
  '/aws/sagemaker/Endpoints',
  '/aws/sagemaker/TrainingJobs',
  METRIC_NAMESPACE,
]);

/**
 * The bill of a month for the resources of synthesised templates.
 * @throws {Error} for a type of resource, a namespace of metrics or a machine without a known price, so
 * that none is left out.
 */
export function estimate(
  templates: readonly CostTemplate[],
  config: Config,
  { runs, predictions }: Profile,
): readonly CostLine[] {
  const resources = templates.flatMap(({ Resources = {} }) => Object.entries(Resources));
  const unknown = resources
    .map(([, { Type }]) => Type)
    .filter((type) => !billed.has(type) && !costFree.has(type));
  if (unknown.length > 0) {
    throw new Error(
      `infra/cost/estimate.ts knows no price for ${[...new Set(unknown)].join(', ')}.`,
    );
  }
  const strange = [...namespacesIn(templates)].filter((name) => !namespaces.has(name));
  if (strange.length > 0) {
    throw new Error(`infra/cost/estimate.ts does not count the metrics of ${strange.join(', ')}.`);
  }
  const of = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const models = Object.values(config.models);
  const allRuns = runs * models.length;
  const allPredictions = predictions * models.length;
  const lines: CostLine[] = [];
  const add = (service: string, usd: number, how: string) => lines.push({ service, usd, how });

  const training = models.map(({ training: { instanceType, spot } }) => {
    const minutes = work.trainingMinutes[instanceType] ?? work.otherTrainingMinutes;
    const hours = (runs * minutes) / 60;
    return { hours, usd: hours * hourOf(instanceType) * (spot ? prices.spotShare : 1) };
  });
  const evaluationHours = (allRuns * work.evaluationMinutes) / 60;
  const jobHours = sum(training.map(({ hours }) => hours)) + evaluationHours;
  add(
    'SageMaker training',
    sum(training.map(({ usd }) => usd)),
    `${round(jobHours - evaluationHours)} h, Spot at ${prices.spotShare * 100} % of the price on demand`,
  );
  add(
    'SageMaker evaluation',
    evaluationHours * hourOf(work.evaluationInstance) * prices.spotShare,
    `${round(evaluationHours)} h on ${work.evaluationInstance}, Spot`,
  );
  add(
    'SageMaker volumes of jobs',
    (jobHours / 730) * work.jobVolumeGB * prices.jobVolumeGBMonth,
    `${work.jobVolumeGB} GB while jobs run`,
  );
  const busySeconds =
    predictions * (work.predictionSeconds + work.coldStartShare * work.coldStartSeconds);
  const servingGB = sum(models.map(({ serving }) => serving.memoryMB / 1024));
  add(
    'SageMaker Serverless',
    busySeconds * servingGB * prices.servingGBSecond,
    `${round(busySeconds * models.length)} s with cold starts, ${servingGB} GB over all models`,
  );

  const checks = sum(
    of('AWS::Scheduler::Schedule').map(([, { Properties }]) =>
      timesAMonth(String(Properties?.ScheduleExpression)),
    ),
  );
  const functions = of('AWS::Lambda::Function').map(([id, { Properties }]) => {
    const invoked = work.invocations[nameOf(id)];
    const own = nameOf(id) === 'signals' ? checks : 0;
    const count = (invoked?.count ?? 0) * allRuns + own;
    const seconds =
      (invoked?.count ?? 0) * allRuns * (invoked?.seconds ?? 0) + own * work.checkSeconds;
    return { count, gbSeconds: (seconds * Number(Properties?.MemorySize ?? 128)) / 1024 };
  });
  const invocations = sum(functions.map(({ count }) => count));
  const gbSeconds = sum(functions.map((each) => each.gbSeconds));
  add(
    'Lambda',
    invocations * prices.lambdaRequest + gbSeconds * prices.lambdaGBSecond,
    `${round(invocations)} invocations, ${round(gbSeconds)} GB-s`,
  );
  const durable = allRuns * work.durableOperations;
  add('Lambda durable operations', durable * prices.durableOperation, `${durable} operations`);
  const storedGB = work.storedAlwaysGB + allRuns * work.storedGB;
  add(
    'S3',
    of('AWS::S3::Bucket').length === 0
      ? 0
      : storedGB * prices.storageGBMonth +
          allRuns * (work.objectWrites * prices.storagePut + work.objectReads * prices.storageGet),
    `${storedGB} GB`,
  );
  add(
    'DynamoDB',
    of('AWS::DynamoDB::GlobalTable').length * work.tableGB * prices.tableGBMonth +
      allRuns * work.tableWrites * prices.tableWrite +
      (allRuns * work.tableReads + checks * models.length * 6) * prices.tableRead,
    'on demand, with point-in-time recovery',
  );
  add(
    'EventBridge',
    of('AWS::Events::EventBus').length * allRuns * work.domainEvents * prices.customEvent +
      Math.max(0, checks - free.schedules) * prices.schedule,
    `${allRuns * work.domainEvents} events; ${round(checks)} scheduled checks within the free 14 M`,
  );
  const polls = work.queuePollsPerSecond * MINUTES_A_MONTH * 60 + allRuns * work.queueMessages;
  add(
    'SQS',
    Math.max(0, polls - free.queueRequests) * prices.queueRequest,
    `${round(polls)} requests within the free million`,
  );
  add(
    'HTTP API',
    of('AWS::ApiGatewayV2::Api').length * allRuns * work.slackRequests * prices.apiRequest,
    `${allRuns * work.slackRequests} requests`,
  );
  const alarmed = sum(
    of('AWS::CloudWatch::Alarm').map(([, { Properties }]) => metricsOf(Properties)),
  );
  add(
    'CloudWatch alarms',
    Math.max(0, alarmed - free.alarmMetrics) * prices.alarmMetric,
    `${alarmed} metrics in alarms; ${free.alarmMetrics} are free`,
  );
  const dashboards = of('AWS::CloudWatch::Dashboard').length;
  add(
    'CloudWatch dashboards',
    Math.max(0, dashboards - free.dashboards) * prices.dashboard,
    `${dashboards}; ${free.dashboards} are free`,
  );
  const metricHours =
    allRuns * work.metricHours + (predictions > 0 ? models.length * work.failureHours : 0);
  add(
    'CloudWatch metrics',
    metricHours * prices.metricHour,
    `${metricHours} hours of a metric with data`,
  );
  const requests = checks * models.length * work.metricRequestsPerCheck;
  add(
    'CloudWatch requests',
    Math.max(0, requests - free.metricRequests) * prices.metricRequest,
    `${round(requests)} GetMetricStatistics within the free million`,
  );
  const reports = models.length * Math.min(predictions, work.reportsAtMost);
  const logGB =
    (allRuns * work.logMB +
      (reports * work.logKBPerReport) / 1024 +
      (allPredictions / 1_000) * work.logMBPerThousandPredictions +
      (checks * work.logKBPerCheck) / 1024) /
    1024;
  add(
    'CloudWatch logs',
    logGB * (prices.logGB + 3 * prices.logGBMonth),
    `${round(logGB)} GB, kept for 90 days`,
  );
  add('SNS, SSM parameters', 0, 'a few mails; standard parameters');
  return lines;
}

export const totalOf = (lines: readonly CostLine[]): number => sum(lines.map(({ usd }) => usd));

function hourOf(instanceType: string): number {
  const price = prices.instanceHour[instanceType];
  if (price !== undefined) return price;
  throw new Error(`infra/cost/prices.ts has no price for ${instanceType}.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
