import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { toPreferenceStore } from '../../bot/adapters/aws/document-preference-store.ts';
import { createDatasetIntake } from '../../pipeline/aws/dataset-intake.ts';
import { droppedObject } from '../../pipeline/aws/dropped-object.ts';
import { createDynamoDocumentStore } from '../../pipeline/aws/dynamo-document-store.ts';
import { createDynamoRecords } from '../../pipeline/aws/dynamo-records.ts';
import { createDynamoRunStore } from '../../pipeline/aws/dynamo-run-store.ts';
import { itemKeys, toRunItem } from '../../pipeline/aws/dynamo-table.ts';
import { createJobFiles } from '../../pipeline/aws/job-runner/job-files.ts';
import { createS3ArtifactStore } from '../../pipeline/aws/s3-artifact-store.ts';
import { aRun } from '../fakes/samples.ts';
import { isMotoInstalled, useMoto } from './moto.ts';
import { packFiles } from './sagemaker-server/archive.ts';

describe.skipIf(!isMotoInstalled)('files and records over moto', () => {
  const moto = useMoto();
  const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

  async function makeBucket() {
    const client = moto.clients().s3;
    const bucket = await moto.bucket();
    const artifacts = createS3ArtifactStore({ client, bucket });
    const files = createJobFiles({ client, bucket, artifacts });
    return { client, bucket, artifacts, files };
  }

  describe('createJobFiles', () => {
    it('digests an archive by its bytes, and anew when it was replaced', async () => {
      const { artifacts, files } = await makeBucket();
      await artifacts.put('model.tar.gz', 'first');
      const first = await files.digest('model.tar.gz');

      const again = await files.digest('model.tar.gz');
      await artifacts.put('model.tar.gz', 'second');
      const second = await files.digest('model.tar.gz');

      expect(first).toEqual({ key: 'model.tar.gz', sha256: sha256('first'), bytes: 5 });
      expect(again).toEqual(first);
      expect(second).toEqual({ key: 'model.tar.gz', sha256: sha256('second'), bytes: 6 });
      expect(await files.digest('none.tar.gz')).toBeNull();
    });

    it('digests without the right to remember it', async () => {
      const { client, bucket, artifacts } = await makeBucket();
      await artifacts.put('model.tar.gz', 'first');
      const denied = async () => {
        throw Object.assign(new Error('denied'), { name: 'AccessDenied' });
      };
      const files = createJobFiles({
        client,
        bucket,
        artifacts: { ...artifacts, get: denied, put: denied },
      });

      expect(await files.digest('model.tar.gz')).toMatchObject({ sha256: sha256('first') });
    });

    it.each(['metrics.json', './metrics.json', 'data/metrics.json'])(
      'finds an output that was packed as %s',
      async (path) => {
        const { artifacts, files } = await makeBucket();
        const other = 'x'.repeat(5000);
        await artifacts.put('output.tar.gz', packFiles({ 'a.txt': other, [path]: '{"a":1}' }));

        const found = await files.unpack('output.tar.gz', 'metrics.json');

        expect(new TextDecoder().decode(found ?? undefined)).toBe('{"a":1}');
      },
    );

    it('has null for a file or an archive that is not there', async () => {
      const { artifacts, files } = await makeBucket();
      await artifacts.put('output.tar.gz', packFiles({ 'deeper/metrics.json': '{}' }));

      expect(await files.unpack('output.tar.gz', 'metrics.json')).toBeNull();
      expect(await files.unpack('none.tar.gz', 'metrics.json')).toBeNull();
    });

    it('says so when an archive is broken', async () => {
      const { artifacts, files } = await makeBucket();
      const whole = packFiles({ 'metrics.json': 'x'.repeat(5000) });
      await artifacts.put('no.tar.gz', 'not an archive');
      await artifacts.put('cut.tar.gz', whole.subarray(0, whole.length / 2));

      for (const key of ['no.tar.gz', 'cut.tar.gz']) {
        await expect(files.unpack(key, 'metrics.json')).rejects.toMatchObject({
          code: 'CONTRACT_BROKEN',
        });
      }
    });
  });

  describe('createDatasetIntake', () => {
    async function dropFile(fileName: string, content: string) {
      const { client, bucket, artifacts } = await makeBucket();
      const key = `inbox/spam/${fileName}`;
      const { ETag } = await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }),
      );
      const etag = ETag?.replaceAll('"', '') ?? '';
      const dropped = droppedObject({ bucket, key, etag, bytes: content.length, versionId: null });
      if (typeof dropped === 'string') throw new Error(dropped);
      return { dropped, artifacts, intake: createDatasetIntake({ client, bucket }) };
    }

    it('keeps a dropped file under the version of its content', async () => {
      const { dropped, artifacts, intake } = await dropFile('größe & mehr+1.csv', 'label,text\n');

      const dataset = await intake.take(dropped);
      const again = await intake.take(dropped);

      const version = sha256('label,text\n').slice(0, 12);
      expect(dataset).toEqual({
        key: `datasets/spam/${version}/größe & mehr+1.csv`,
        fileName: 'größe & mehr+1.csv',
        version,
        bytes: 11,
      });
      expect(again).toEqual(dataset);
      expect(await artifacts.list('datasets/')).toEqual([dataset?.key]);
    });

    it('leaves a file alone that was replaced or removed since', async () => {
      const { dropped, artifacts, intake } = await dropFile('a.csv', 'first');
      await artifacts.put(dropped.key, 'second');

      expect(await intake.take(dropped)).toBeNull();
      expect(await intake.take({ ...dropped, key: 'inbox/spam/gone.csv' })).toBeNull();
      expect(await artifacts.list('datasets/')).toEqual([]);
    });

    it('refuses what is too large', async () => {
      const { dropped, intake } = await dropFile('a.csv', 'first');

      await expect(intake.take({ ...dropped, bytes: 2 * 1024 ** 3 })).rejects.toMatchObject({
        code: 'DATASET_INVALID',
        message: 'The file is larger than 100 MB.',
      });
    });
  });

  describe('createDynamoRunStore', () => {
    it('goes by the record where the index lags behind it', async () => {
      const table = { client: moto.clients().dynamo, tableName: await moto.table() };
      const runs = createDynamoRunStore(table);
      const { state, modelState } = toRunItem(aRun());
      const ended = aRun({ outcome: 'failed', endedAt: '2026-11-22T10:00:00.000Z' });
      // As the index would still show a run that has just ended.
      await createDynamoRecords(table).create({ ...toRunItem(ended), state, modelState });

      expect(await runs.list({ ended: false })).toEqual([]);
      expect(await runs.list({})).toEqual([ended]);
    });

    it('reads more runs than fit into one batch', async () => {
      const table = { client: moto.clients().dynamo, tableName: await moto.table() };
      const runs = createDynamoRunStore(table);
      const ids = Array.from({ length: 120 }, (_, i) => `spam-${String(i).padStart(8, '0')}`);
      await Promise.all(ids.map((id) => runs.create(aRun({ id }))));

      const listed = await runs.list({ model: 'spam', limit: 110 });

      expect(listed.map(({ id }) => id)).toEqual([...ids].reverse().slice(0, 110));
    });
  });

  describe('createDynamoDocumentStore', () => {
    it('writes a document only over the revision that was read', async () => {
      const documents = createDynamoDocumentStore<{ said: string }>({
        client: moto.clients().dynamo,
        tableName: await moto.table(),
      });

      expect(await documents.get('run:a')).toBeNull();
      expect(await documents.put('run:a', { said: 'one' }, 0)).toBe(true);
      expect(await documents.put('run:a', { said: 'other' }, 0)).toBe(false);
      expect(await documents.put('run:a', { said: 'two' }, 1)).toBe(true);
      expect(await documents.put('run:a', { said: 'other' }, 1)).toBe(false);
      expect(await documents.get('run:a')).toEqual({ document: { said: 'two' }, revision: 2 });
    });

    it('keeps what people chose apart from other documents', async () => {
      const table = { client: moto.clients().dynamo, tableName: await moto.table() };
      const preferences = toPreferenceStore(createDynamoDocumentStore(table, itemKeys.preference));
      const chosen = { notify: 'direct', channel: 'D1' } as const;

      expect(await preferences.get('U1')).toBeNull();
      expect(await preferences.put('U1', chosen, 0)).toBe(true);
      expect(await preferences.put('U1', chosen, 0)).toBe(false);
      expect(await preferences.get('U1')).toEqual({ preference: chosen, revision: 1 });
      expect(await createDynamoDocumentStore(table).get('U1')).toBeNull();
    });
  });
});
