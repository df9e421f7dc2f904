import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { readEndpointFigures } from '../../pipeline/aws/endpoint/endpoint-figures.ts';
import { testRegion } from './moto.ts';

describe('readEndpointFigures', () => {
  const read = (since: Date, now: Date) =>
    readEndpointFigures(new CloudWatchClient({ region: testRegion }), {
      endpointName: 'spam',
      since,
      now,
    });
  const counts = (...sums: readonly number[]) => ({ Datapoints: sums.map((Sum) => ({ Sum })) });

  it('sums what was counted since, and takes the newest latency in milliseconds', async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch
      .on(GetMetricStatisticsCommand)
      .resolves({})
      .on(GetMetricStatisticsCommand, { MetricName: 'Invocations' })
      .resolves(counts(3, 4))
      .on(GetMetricStatisticsCommand, { MetricName: 'ModelLatency' })
      .resolves({
        Datapoints: [
          { Timestamp: new Date('2026-11-22T09:05:00Z'), ExtendedStatistics: { p95: 90_000 } },
          { Timestamp: new Date('2026-11-22T09:15:00Z'), ExtendedStatistics: { p95: 120_500 } },
        ],
      });

    const figures = await read(new Date('2026-11-22T09:00:30Z'), new Date('2026-11-22T09:20:00Z'));

    expect(figures).toEqual({ invocations: 7, serverErrors: 0, p95Milliseconds: 120.5 });
    expect(cloudwatch.commandCalls(GetMetricStatisticsCommand)[0]?.args[0].input).toEqual({
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocations',
      Dimensions: [
        { Name: 'EndpointName', Value: 'spam' },
        { Name: 'VariantName', Value: 'AllTraffic' },
      ],
      StartTime: new Date('2026-11-22T09:00:00Z'),
      EndTime: new Date('2026-11-22T09:21:00Z'),
      Period: 60,
      Statistics: ['Sum'],
    });
  });

  it.each([
    ['the class of the answers', { Invocation5XXErrors: 3 }, 3],
    ['failures that containers report, whatever the class', { 'ModelFailures/spam': 5 }, 5],
    [
      'timeouts and crashes, which have no class',
      { InvocationModelErrors: 9, Invocation4XXErrors: 2, Invocation5XXErrors: 3 },
      7,
    ],
    ['no errors of callers', { InvocationModelErrors: 9, Invocation4XXErrors: 9 }, 0],
    // A throttled request is a 4XX that no model saw.
    ['nothing below zero', { InvocationModelErrors: 1, Invocation4XXErrors: 9 }, 0],
    ['no more failures than requests', { 'ModelFailures/spam': 50 }, 40],
  ] as const)('counts %s', async (_, metrics, serverErrors) => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricStatisticsCommand).resolves({});
    for (const [MetricName, sum] of Object.entries({ Invocations: 40, ...metrics })) {
      cloudwatch.on(GetMetricStatisticsCommand, { MetricName }).resolves(counts(sum));
    }

    const now = new Date('2026-11-22T09:20:00Z');
    const figures = await read(new Date('2026-11-22T09:00:30Z'), now);

    expect(figures).toMatchObject({ invocations: 40, serverErrors });
  });

  it.each([
    [1, 60],
    [24, 300],
    [24 * 30, 3600],
    [24 * 200, 86_400],
  ])('asks for at most 1,440 figures after %i hours', async (hours, period) => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricStatisticsCommand).resolves(counts(1));
    const now = new Date('2026-11-22T09:00:00Z');

    await read(new Date(now.getTime() - hours * 3_600_000), now);

    const asked = cloudwatch
      .commandCalls(GetMetricStatisticsCommand)
      .map(({ args }) => args[0].input);
    expect(asked.map(({ Period }) => Period)).toEqual(asked.map(() => period));
    for (const { StartTime, EndTime } of asked) {
      const seconds = ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / 1000;
      expect(seconds / period).toBeLessThanOrEqual(1_440);
    }
  });

  it('asks for one figure of an idle endpoint', async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    cloudwatch.on(GetMetricStatisticsCommand).resolves({});

    const figures = await read(new Date('2026-11-22T09:00:30Z'), new Date('2026-11-22T09:20:00Z'));

    expect(figures).toEqual({ invocations: 0, serverErrors: 0, p95Milliseconds: null });
    expect(cloudwatch.commandCalls(GetMetricStatisticsCommand)).toHaveLength(1);
  });
});
