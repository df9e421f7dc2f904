import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { EndpointDescription } from '../../core/ports.ts';
import { VARIANT } from './endpoint-requests.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

type Figures = Pick<EndpointDescription, 'invocations' | 'serverErrors' | 'p95Milliseconds'>;

/**
 * Counts and answer times from CloudWatch. They come a minute or two late, in whole periods: the
 * one in which the configuration came into service counts as a whole. Every figure asked for is
 * billed, so an idle endpoint costs a single request.
 */
export async function readEndpointFigures(
  client: CloudWatchClient,
  { endpointName, since, now }: { endpointName: string; since: Date; now: Date },
): Promise<Figures> {
  const period = periodOf((now.getTime() - since.getTime()) / 1000);
  const start = Math.floor(since.getTime() / 1000 / period) * period;
  const query = (id: string, metric: string, stat: string) => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SageMaker',
        MetricName: metric,
        Dimensions: [
          { Name: 'EndpointName', Value: endpointName },
          { Name: 'VariantName', Value: VARIANT },
        ],
      },
      Period: period,
      Stat: stat,
    },
  });
  async function ask(...queries: readonly MetricDataQuery[]) {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(start * 1000),
        // One period more, to include the current one.
        EndTime: new Date(now.getTime() + period * 1000),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [...queries],
      }),
    );
    return (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  }

  const counted = await ask(query('invocations', 'Invocations', 'Sum'));
  const invocations = sum(counted('invocations'));
  if (invocations === 0) return { invocations, serverErrors: 0, p95Milliseconds: null };
  const answered = await ask(
    query('serverErrors', 'Invocation5XXErrors', 'Sum'),
    query('latency', 'ModelLatency', 'p95'),
  );
  const microseconds = answered('latency')[0];
  return {
    invocations,
    serverErrors: sum(answered('serverErrors')),
    p95Milliseconds: microseconds === undefined ? null : microseconds / 1000,
  };
}

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

/** CloudWatch keeps minutes for 15 days, 5 minutes for 63 and hours for 455; fewer are cheaper. */
function periodOf(ageSeconds: number): number {
  if (ageSeconds <= 3 * HOUR) return MINUTE;
  return ageSeconds <= 2 * DAY ? 5 * MINUTE : HOUR;
}
