import {
  type CloudWatchClient,
  type Datapoint,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import type { EndpointDescription } from '../../core/ports.ts';
import { VARIANT } from './endpoint-requests.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Most figures of one answer. */
const MAX_DATAPOINTS = 1_440;

type Figures = Pick<EndpointDescription, 'invocations' | 'serverErrors' | 'p95Milliseconds'>;

/**
 * Counts and answer times from CloudWatch. They come a minute or two late, in whole periods: the
 * one in which the configuration came into service counts as a whole. GetMetricStatistics, because
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
    MetricName: string,
    statistic: { Statistics: ['Sum'] } | { ExtendedStatistics: ['p95'] },
  ): Promise<readonly Datapoint[]> {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SageMaker',
        MetricName,
        Dimensions: [
          { Name: 'EndpointName', Value: endpointName },
          { Name: 'VariantName', Value: VARIANT },
        ],
        StartTime: new Date(start * 1000),
        // One period more, to include the current one.
        EndTime: new Date(now.getTime() + period * 1000),
        Period: period,
        ...statistic,
      }),
    );
    return [...Datapoints].sort((a, b) => timeOf(b) - timeOf(a));
  }

  const invocations = sum(await ask('Invocations', { Statistics: ['Sum'] }));
  if (invocations === 0) return { invocations, serverErrors: 0, p95Milliseconds: null };
  const [errors, latency] = await Promise.all([
    ask('Invocation5XXErrors', { Statistics: ['Sum'] }),
    ask('ModelLatency', { ExtendedStatistics: ['p95'] }),
  ]);
  const microseconds = latency[0]?.ExtendedStatistics?.p95;
  return {
    invocations,
    serverErrors: sum(errors),
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
