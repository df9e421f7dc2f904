import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../pipeline/aws/clients.ts';
import { readEndpointFigures } from '../../pipeline/aws/endpoint/endpoint-figures.ts';
import { createSageMakerEndpointHost } from '../../pipeline/aws/sagemaker-endpoint-host.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';
import { testCredentials, testRegion } from './moto.ts';
import { retryAtOnce } from './retry-at-once.ts';
import { createSageMakerServer } from './sagemaker-server.ts';
import { ServiceError } from './service-error.ts';

const s3 = { send: () => unset('S3') } as unknown as S3Client;

async function makeHost(answer: (configName: string, body: string) => string | Error = () => '1') {
  const clock = createFakeClock();
  const server = await createSageMakerServer({ clock, s3, answer });
  const clients = retryAtOnce(
    createAwsClients({
      region: testRegion,
      endpoint: server.endpoint,
      credentials: testCredentials,
    }),
  );
  const host = createSageMakerEndpointHost({
    sagemaker: clients.sageMaker,
    runtime: clients.sageMakerRuntime,
    cloudwatch: server.cloudWatch,
    roleArn: 'arn:aws:iam::123456789012:role/endpoint',
    image: (recipe) => `serve/${recipe}`,
    bucket: 'artifacts',
    region: testRegion,
    tags: { stage: 'prod' },
    clock,
    pause: () => server.idle(),
  });
  return { host, server };
}

function aConfig(version: number, endpointName = 'spam') {
  return {
    endpointName,
    configName: `${endpointName}-v${version}-aaaaaaaa`,
    model: endpointName,
    version,
    artifactKey: `models/v${version}/model.tar.gz`,
    recipe: 'tfidf',
    memoryMB: 3072,
    maxConcurrency: 7,
  };
}

describe('createSageMakerEndpointHost', () => {
  it('serves an archive on a Serverless variant with one worker', async () => {
    const { host, server } = await makeHost();

    await host.deploy(aConfig(1));

    expect(server.endpoints.model('spam-v1-aaaaaaaa')).toMatchObject({
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/endpoint',
      PrimaryContainer: {
        Image: 'serve/tfidf',
        ModelDataUrl: 's3://artifacts/models/v1/model.tar.gz',
        Environment: { SAGEMAKER_MODEL_SERVER_WORKERS: '1', MMS_DEFAULT_WORKERS_PER_MODEL: '1' },
      },
    });
    expect(server.endpoints.config('spam-v1-aaaaaaaa')).toMatchObject({
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: 'spam-v1-aaaaaaaa',
          ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 7 },
        },
      ],
      Tags: [
        { Key: 'mlops-bot:stage', Value: 'prod' },
        { Key: 'mlops-bot:model', Value: 'spam' },
        { Key: 'mlops-bot:version', Value: '1' },
      ],
    });
  });

  it('asks for a change once, although it is asked again while the change goes on', async () => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1));
    await server.idle();

    const goOn = server.holdChanges();

    await host.deploy(aConfig(2));
    await host.deploy(aConfig(2));
    const meanwhile = await host.describe('spam');
    goOn();
    await server.idle();

    expect(meanwhile).toMatchObject({ status: 'Updating', configName: 'spam-v1-aaaaaaaa' });
    expect((await host.describe('spam'))?.configName).toBe('spam-v2-aaaaaaaa');
    expect(server.endpoints.deploys).toEqual(['spam-v1-aaaaaaaa', 'spam-v2-aaaaaaaa']);
  });

  it('goes on where a crash left the configuration without the endpoint', async () => {
    const { host, server } = await makeHost();
    server.refuse('CreateEndpoint', new ServiceError('AccessDeniedException', 'crash'));
    await expect(host.deploy(aConfig(1))).rejects.toThrow('crash');

    await host.deploy(aConfig(1));
    await server.idle();

    expect((await host.describe('spam'))?.status).toBe('InService');
  });

  it('may be tried again while another change is in progress', async () => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1));
    await server.idle();
    server.holdChanges();
    await host.deploy(aConfig(2));

    await expect(host.deploy(aConfig(3))).rejects.toMatchObject({
      code: 'CONFLICT',
      retryable: true,
    });
    expect(server.endpoints.deploys).toHaveLength(2);
  });

  it('may be tried again when another change began at the same moment', async () => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1));
    await server.idle();
    server.refuse(
      'UpdateEndpoint',
      new ServiceError('ValidationException', 'Cannot update in-progress endpoint "x".'),
    );

    await expect(host.deploy(aConfig(2))).rejects.toMatchObject({
      code: 'CONFLICT',
      retryable: true,
    });
  });

  it('names the quota when the account may have no more', async () => {
    const { host, server } = await makeHost();
    server.refuse('CreateEndpoint', new ServiceError('ResourceLimitExceeded', 'limit'));

    await expect(host.deploy(aConfig(1))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('forgets old configurations and their models, but no live one and none of others', async () => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1, 'spam-v2'));
    await server.idle();
    for (const version of [1, 2, 3, 4, 5, 6, 1]) {
      await host.deploy(aConfig(version));
      await server.idle();
    }

    await host.prune('spam', 2);

    const kept = [
      'spam-v2-v1-aaaaaaaa',
      'spam-v1-aaaaaaaa',
      'spam-v5-aaaaaaaa',
      'spam-v6-aaaaaaaa',
    ];
    expect(server.endpoints.configs()).toEqual(kept);
    expect(server.endpoints.models()).toEqual(kept);
  });

  it('returns the answer, and the model’s own words when it fails', async () => {
    const answer = (_: string, body: string) => (body === 'bad' ? new Error('no "inputs"') : body);
    const { host, server } = await makeHost(answer);
    await host.deploy(aConfig(1));
    await server.idle();

    expect(await host.invoke('spam', 'grüß', 'application/json')).toBe('grüß');
    await expect(host.invoke('spam', 'bad', 'application/json')).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: 'The endpoint answered with an error: no "inputs"',
      retryable: false,
    });
    expect(await host.describe('spam')).toMatchObject({ invocations: 2, serverErrors: 1 });
  });

  it.each([
    ['ThrottlingException', 400],
    ['ModelNotReadyException', 429],
    ['ServiceUnavailable', 503],
  ])('may be asked again after %s', async (type, status) => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1));
    await server.idle();
    server.refuse('InvokeEndpoint', new ServiceError(type, 'busy', { status }), 2);

    await expect(host.invoke('spam', '{}', 'application/json')).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      retryable: true,
    });
  });
});

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
      .on(GetMetricStatisticsCommand, { MetricName: 'Invocations' })
      .resolves(counts(3, 4))
      .on(GetMetricStatisticsCommand, { MetricName: 'Invocation5XXErrors' })
      .resolves({})
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
    expect(asked.map(({ Period }) => Period)).toEqual([period, period, period]);
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
