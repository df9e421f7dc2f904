import {
  type CloudWatchClient,
  type Datapoint,
  type Dimension,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import type { EndpointDescription } from '../../core/ports.ts';
import { VARIANT } from './endpoint-requests.ts';
import { FAILURES_NAMESPACE, failureMetric } from './failure-metric.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Most figures of one answer. */
const MAX_DATAPOINTS = 1_440;

type Figures = Pick<EndpointDescription, 'invocations' | 'serverErrors' | 'p95Milliseconds'>;

/**
 * Counts and answer times from CloudWatch. They come a minute or two late, in whole periods: the
 * one in which the configuration came into service counts as a whole. Whichever sees more failures is
 * right: the class of the answers, the containers' own count (`failure-metric.ts`), or SageMaker's of
 * requests without a good answer, less those that were the caller's fault: it has timeouts and crashes,
 * but AWS does not say that Serverless endpoints publish it. GetMetricStatistics, because
 * a million of its requests a month are free, and none of GetMetricData; an idle endpoint costs one.
 */
export async function readEndpointFigures(
  client: CloudWatchClient,
  { endpointName, since, now }: { endpointName: string; since: Date; now: Date },
): Promise<Figures> {
  const period = periodOf((now.getTime() - since.getTime()) / 1000);
  const start = Math.floor(since.getTime() / 1000 / period) * period;

  /** Newest first. */
  async function ask(
    metric: { Namespace: string; MetricName: string; Dimensions?: Dimension[] },
    statistic: { Statistics: ['Sum'] } | { ExtendedStatistics: ['p95'] },
  ): Promise<readonly Datapoint[]> {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        ...metric,
        StartTime: new Date(start * 1000),
        // One period more, to include the current one.
        EndTime: new Date(now.getTime() + period * 1000),
        Period: period,
        ...statistic,
      }),
    );
    return [...Datapoints].sort((a, b) => timeOf(b) - timeOf(a));
  }
  const ofSageMaker = (MetricName: string) => ({
    Namespace: 'AWS/SageMaker',
    MetricName,
    Dimensions: [
      { Name: 'EndpointName', Value: endpointName },
      { Name: 'VariantName', Value: VARIANT },
    ],
  });
  const count = async (metric: Parameters<typeof ask>[0]) =>
    sum(await ask(metric, { Statistics: ['Sum'] }));

  const invocations = await count(ofSageMaker('Invocations'));
  if (invocations === 0) return { invocations, serverErrors: 0, p95Milliseconds: null };
  const [failed, reported, unanswered, latency] = await Promise.all([
    count(ofSageMaker('Invocation5XXErrors')),
    count({ Namespace: FAILURES_NAMESPACE, MetricName: failureMetric(endpointName) }),
    count(ofSageMaker('InvocationModelErrors')),
    ask(ofSageMaker('ModelLatency'), { ExtendedStatistics: ['p95'] }),
  ]);
  const refused = unanswered === 0 ? 0 : await count(ofSageMaker('Invocation4XXErrors'));
  const microseconds = latency[0]?.ExtendedStatistics?.p95;
  return {
    invocations,
    serverErrors: Math.min(invocations, Math.max(failed, reported, unanswered - refused)),
    p95Milliseconds: microseconds === undefined ? null : microseconds / 1000,
  };
}

const timeOf = ({ Timestamp }: Datapoint): number => Timestamp?.getTime() ?? 0;

const sum = (points: readonly Datapoint[]): number =>
  points.reduce((total, { Sum = 0 }) => total + Sum, 0);

/** CloudWatch keeps minutes for 15 days, 5 minutes for 63 and hours for 455. */
function periodOf(ageSeconds: number): number {
  if (ageSeconds <= 3 * HOUR) return MINUTE;
  if (ageSeconds <= 2 * DAY) return 5 * MINUTE;
  return ageSeconds < (MAX_DATAPOINTS - 2) * HOUR ? HOUR : DAY;
}
