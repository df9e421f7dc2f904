import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../pipeline/aws/clients.ts';
import { createSageMakerEndpointHost } from '../../pipeline/aws/sagemaker-endpoint-host.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';
import { testCredentials, testRegion } from './moto.ts';
import { retryAtOnce } from './retry-at-once.ts';
import { RequestError } from './sagemaker-server/container.ts';
import { createSageMakerServer } from './sagemaker-server.ts';
import { ServiceError } from './service-error.ts';

const servingAnswers: readonly {
  readonly request: string;
  readonly body: string;
  readonly contentType: string;
  readonly status: number;
  readonly answer: string;
  readonly callerError?: string;
  readonly defect?: string;
}[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/serving-answers.json'), 'utf8'),
);

const s3 = { send: () => unset('S3') } as unknown as S3Client;

async function makeHost(answer: (configName: string, body: string) => string = () => '1') {
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
    logs: server.logs,
    logRetentionDays: 90,
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

  it('lets the log of the endpoint expire and counts failures in it, before there is one', async () => {
    const { host, server } = await makeHost(() => {
      throw new TypeError('a defect');
    });

    await host.deploy(aConfig(1));
    await server.idle();
    await host.deploy(aConfig(2));
    await server.idle();
    await expect(host.invoke('spam', '{}', 'application/json')).rejects.toThrow('The model failed');
    server.endpoints.counters.serverErrors = 0;
    server.endpoints.counters.unanswered = 0;

    expect(server.retentionOf('spam')).toBe(90);
    // What the containers report counts although the class of the answers hid it.
    expect(await host.describe('spam')).toMatchObject({ invocations: 1, serverErrors: 1 });
  });

  it('counts requests that a crashing container never answered', async () => {
    const { host, server } = await makeHost();
    await host.deploy(aConfig(1));
    await server.idle();
    server.endpoints.crash('spam-v1-aaaaaaaa');

    await expect(host.invoke('spam', '{}', 'application/json')).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
    });

    expect(await host.describe('spam')).toMatchObject({ invocations: 1, serverErrors: 1 });
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

  it('returns the answer of the model as it is', async () => {
    const { host, server } = await makeHost((_, body) => body);
    await host.deploy(aConfig(1));
    await server.idle();

    expect(await host.invoke('spam', 'grüß', 'application/json')).toBe('grüß');
    expect(await host.describe('spam')).toMatchObject({ invocations: 1, serverErrors: 0 });
  });

  it.each(servingAnswers)('meets $request as in the toolkits: $status', async (each) => {
    const { body, contentType, status, answer, callerError, defect } = each;
    const { host, server } = await makeHost(() => {
      if (callerError !== undefined) throw new RequestError(callerError);
      if (defect !== undefined) throw new TypeError(defect);
      return answer;
    });
    await host.deploy(aConfig(1));
    await server.idle();

    const answered = host.invoke('spam', body, contentType);

    if (status === 200) expect(await answered).toBe(answer);
    else {
      // People read what the model said, not the JSON around it.
      await expect(answered).rejects.toMatchObject({
        code: 'VERIFICATION_FAILED',
        message: `The endpoint answered with an error: ${JSON.parse(answer).error}`,
        retryable: false,
        cause: { OriginalStatusCode: status, OriginalMessage: answer },
      });
    }
    const serverErrors = status >= 500 ? 1 : 0;
    expect(await host.describe('spam')).toMatchObject({ invocations: 1, serverErrors });
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
