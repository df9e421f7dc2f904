import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../pipeline/aws/clients.ts';
import { createSageMakerModelRegistry } from '../../pipeline/aws/sagemaker-model-registry.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { anEntry } from '../fakes/samples.ts';
import { testCredentials, testRegion } from './moto.ts';
import { createSageMakerServer } from './sagemaker-server.ts';
import { ServiceError } from './service-error.ts';

async function makeRegistry() {
  const server = await createSageMakerServer({ clock: createFakeClock(), s3: {} as S3Client });
  const { sageMaker } = createAwsClients({
    region: testRegion,
    endpoint: server.endpoint,
    credentials: testCredentials,
  });
  const registry = createSageMakerModelRegistry({
    client: sageMaker,
    bucket: 'artifacts',
    groupName: (model) => model,
    tags: { stage: 'test' },
    inferenceImage: (recipe) => `serve/${recipe}`,
  });
  const inputOf = (action: string) => server.calls.find((each) => each.action === action)?.input;
  return { server, registry, inputOf };
}

describe('createSageMakerModelRegistry', () => {
  it('registers a version that is deployable from Studio too', async () => {
    const { registry, inputOf } = await makeRegistry();

    await registry.register(anEntry());

    expect(inputOf('CreateModelPackage')).toEqual({
      ModelPackageGroupName: 'spam',
      ModelPackageDescription: 'Registered by run spam-aaaaaaaa',
      InferenceSpecification: {
        Containers: [
          {
            Image: 'serve/tfidf',
            ModelDataUrl: 's3://artifacts/runs/spam-aaaaaaaa/model.tar.gz',
          },
        ],
        SupportedContentTypes: ['application/json'],
        SupportedResponseMIMETypes: ['application/json'],
      },
      ModelApprovalStatus: 'PendingManualApproval',
      ClientToken: 'spam-aaaaaaaa',
      CustomerMetadataProperties: {
        run: 'spam-aaaaaaaa',
        createdAt: '2026-11-22T09:05:00.000Z',
        recipe: 'tfidf',
        artifactKey: 'runs/spam-aaaaaaaa/model.tar.gz',
        artifactSha256: 'a'.repeat(64),
        artifactBytes: '4096',
        digest: 'd'.repeat(64),
        verdict: 'pass',
        datasetVersion: '0123456789ab',
        smokeKey: 'runs/spam-aaaaaaaa/evaluation/smoke.json',
        'metric.macro_f1': '0.97',
      },
    });
  });

  it("names the commit in SageMaker's own field, and the version of the code beside it", async () => {
    const { registry, inputOf } = await makeRegistry();

    await registry.register(anEntry({ source: { code: '0c7e51d2a9b84f36', commit: '9fceb02d' } }));

    expect(inputOf('CreateModelPackage')).toMatchObject({
      MetadataProperties: { CommitId: '9fceb02d' },
      CustomerMetadataProperties: { code: '0c7e51d2a9b84f36' },
    });
  });

  it('reads what was approved in Studio', async () => {
    const { server, registry } = await makeRegistry();
    await registry.register(anEntry());

    server.packages.approveInStudio('spam', 1, 'looks good', 'd-abc123def456/grace');

    expect(await registry.get('spam', 1)).toMatchObject({
      approval: 'Approved',
      approvalNote: 'looks good',
      lastChangeInStudio: { by: 'd-abc123def456/grace', at: '2026-11-22T09:00:00.000Z' },
    });
  });

  it('attributes what a role set to no Studio user', async () => {
    const { server, registry } = await makeRegistry();
    await registry.register(anEntry());
    server.packages.approveInStudio('spam', 1, 'looks good', 'd-abc123def456/grace');

    await registry.setApproval('spam', 1, 'Approved', 'Grace');

    expect((await registry.get('spam', 1))?.lastChangeInStudio).toBeNull();
  });

  it('keeps a note of several lines on one', async () => {
    const { registry } = await makeRegistry();
    await registry.register(anEntry());

    await registry.setApproval('spam', 1, 'Rejected', 'Grace: no,\n\nnot “yet”');

    expect((await registry.get('spam', 1))?.approvalNote).toBe('Grace: no, not “yet”');
  });

  it('does not set what is set already', async () => {
    const { server, registry } = await makeRegistry();
    await registry.register(anEntry());

    await registry.setApproval('spam', 1, 'Approved', 'Grace');
    await registry.setApproval('spam', 1, 'Approved', 'Grace');

    expect(server.countOf('UpdateModelPackage')).toBe(1);
  });

  it('reads every page', async () => {
    const { registry } = await makeRegistry();
    const runIds = Array.from({ length: 8 }, (_, index) => `spam-${index}`);
    for (const runId of runIds) await registry.register(anEntry({ runId }));

    const versions = await registry.list('spam');

    expect(versions.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('finds the version of a run long after it was registered', async () => {
    const { server, registry } = await makeRegistry();
    const runIds = Array.from({ length: 5 }, (_, index) => `spam-${index}`);
    for (const runId of runIds) await registry.register(anEntry({ runId }));
    server.packages.forgetTokens();

    const again = await registry.register(anEntry({ runId: 'spam-0' }));

    expect(again.version).toBe(1);
    // The very first found no group.
    expect(server.countOf('CreateModelPackage')).toBe(6);
  });

  it('leaves out versions that were registered elsewhere', async () => {
    const { server, registry } = await makeRegistry();
    await registry.register(anEntry());
    server.packages.actions.CreateModelPackage({ ModelPackageGroupName: 'spam' });

    expect((await registry.list('spam')).map(({ version }) => version)).toEqual([1]);
    expect(await registry.get('spam', 2)).toBeNull();
  });

  it('makes the group of a model for its first version, and uses the one that is there', async () => {
    const { server, registry, inputOf } = await makeRegistry();

    expect(await registry.list('spam')).toEqual([]);
    await registry.register(anEntry());
    const again = await registry.register(anEntry({ runId: 'spam-bbbbbbbb' }));

    expect(again.version).toBe(2);
    expect(server.countOf('CreateModelPackageGroup')).toBe(1);
    expect(inputOf('CreateModelPackageGroup')).toMatchObject({
      ModelPackageGroupName: 'spam',
      Tags: [
        { Key: 'mlops-bot:stage', Value: 'test' },
        { Key: 'mlops-bot:model', Value: 'spam' },
      ],
    });
  });

  it('registers although another run made the group at the same time', async () => {
    const { server, registry } = await makeRegistry();
    const missing = new ServiceError('ValidationException', 'ModelPackageGroup does not exist.');
    await registry.register(anEntry());
    server.refuse('CreateModelPackage', missing);

    const { version } = await registry.register(anEntry({ runId: 'spam-bbbbbbbb' }));

    expect(version).toBe(2);
  });

  it('may be tried again when the same run is registered elsewhere', async () => {
    const { server, registry } = await makeRegistry();
    server.refuse('CreateModelPackage', new ServiceError('ConflictException', 'in progress'));

    await expect(registry.register(anEntry())).rejects.toMatchObject({ retryable: true });
    expect((await registry.register(anEntry())).version).toBe(1);
  });

  it('names what the registry cannot hold', async () => {
    const { registry } = await makeRegistry();

    await expect(registry.register(anEntry({ datasetVersion: 'a,b' }))).rejects.toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: 'The Model Registry cannot hold datasetVersion = “a,b”.',
    });
  });

  it('describes no more versions than are asked for, however many there are', async () => {
    const { registry, server } = await makeRegistry();
    for (let run = 1; run <= 8; run += 1) {
      await registry.register(anEntry({ runId: `spam-${run}` }));
    }
    const before = server.calls.length;

    const versions = await registry.list('spam', { limit: 3 });

    expect(versions.map(({ version }) => version)).toEqual([8, 7, 6]);
    expect(server.calls.slice(before).map(({ action }) => action)).toEqual([
      'ListModelPackages',
      'DescribeModelPackage',
      'DescribeModelPackage',
      'DescribeModelPackage',
    ]);
  });
});
