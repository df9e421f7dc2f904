import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { readEndpointFigures } from '../../pipeline/aws/endpoint/endpoint-figures.ts';
import { testRegion } from './moto.ts';

describe('readEndpointFigures', () => {
  it('sums what was counted since, and takes the newest latency in milliseconds', async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricDataCommand).resolves({
      MetricDataResults: [
        { Id: 'invocations', Values: [3, 4] },
        { Id: 'serverErrors', Values: [] },
        { Id: 'latency', Values: [120_500, 90_000] },
      ],
    });

    const figures = await readEndpointFigures(new CloudWatchClient({ region: testRegion }), {
      endpointName: 'spam',
      since: new Date('2026-11-22T09:00:30Z'),
      now: new Date('2026-11-22T09:20:00Z'),
    });

    expect(figures).toEqual({ invocations: 7, serverErrors: 0, p95Milliseconds: 120.5 });
    const input = cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input;
    expect(input?.StartTime).toEqual(new Date('2026-11-22T09:00:00Z'));
    expect(input?.MetricDataQueries?.[0]).toEqual({
      Id: 'invocations',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'Invocations',
          Dimensions: [
            { Name: 'EndpointName', Value: 'spam' },
            { Name: 'VariantName', Value: 'AllTraffic' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
    });
  });

  it.each([
    [1, 60],
    [24, 300],
    [24 * 30, 3600],
  ])('asks for fewer figures after %i hours', async (hours, period) => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricDataCommand).resolves({
      MetricDataResults: [{ Id: 'invocations', Values: [1] }],
    });
    const now = new Date('2026-11-22T09:00:00Z');

    await readEndpointFigures(new CloudWatchClient({ region: testRegion }), {
      endpointName: 'spam',
      since: new Date(now.getTime() - hours * 3_600_000),
      now,
    });

    const asked = cloudwatch
      .commandCalls(GetMetricDataCommand)
      .flatMap(({ args }) => args[0].input.MetricDataQueries ?? []);
    expect(asked.map(({ MetricStat }) => MetricStat?.Period)).toEqual([period, period, period]);
  });

  it('asks for one figure of an idle endpoint', async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricDataCommand).resolves({});

    const figures = await readEndpointFigures(new CloudWatchClient({ region: testRegion }), {
      endpointName: 'spam',
      since: new Date('2026-11-22T09:00:30Z'),
      now: new Date('2026-11-22T09:20:00Z'),
    });

    expect(figures).toEqual({ invocations: 0, serverErrors: 0, p95Milliseconds: null });
    const asked = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries?.length)).toEqual([1]);
  });
});
