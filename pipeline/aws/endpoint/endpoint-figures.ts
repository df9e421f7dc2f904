import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { EndpointDescription } from '../../core/ports.ts';
import { VARIANT } from './endpoint-requests.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

type Figures = Pick<EndpointDescription, 'invocations' | 'serverErrors' | 'p95Milliseconds'>;

/**
 * Counts and answer times from CloudWatch. They come a minute or two late, in whole periods: the
 * one in which the configuration came into service counts as a whole.
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
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(start * 1000),
      // One period more, so that the present one is asked for too.
      EndTime: new Date(now.getTime() + period * 1000),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        query('invocations', 'Invocations', 'Sum'),
        query('serverErrors', 'Invocation5XXErrors', 'Sum'),
        query('latency', 'ModelLatency', 'p95'),
      ],
    }),
  );
  const valuesOf = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const microseconds = valuesOf('latency')[0];
  return {
    invocations: sum(valuesOf('invocations')),
    serverErrors: sum(valuesOf('serverErrors')),
    p95Milliseconds: microseconds === undefined ? null : microseconds / 1000,
  };
}

/** CloudWatch keeps minutes for 15 days, 5 minutes for 63 and hours for 455; fewer are cheaper. */
function periodOf(ageSeconds: number): number {
  if (ageSeconds <= 3 * HOUR) return MINUTE;
  return ageSeconds <= 2 * DAY ? 5 * MINUTE : HOUR;
}
