import { describe, expect, it } from 'vitest';
import type { DatasetIntake } from '../../pipeline/aws/dataset-intake.ts';
import type { AnnouncementHint } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { createIngest } from '../../pipeline/aws/lambda/create-ingest.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { StartRun } from '../../pipeline/core/pipeline.ts';
import { aRun } from '../fakes/samples.ts';
import { aConfig } from '../flow/world.ts';
import { silentTelemetry } from './silent-telemetry.ts';

function created(key: string, over: object = {}) {
  return {
    'detail-type': 'Object Created',
    source: 'aws.s3',
    detail: {
      bucket: { name: 'bucket' },
      object: { key, size: 100, etag: 'e', 'version-id': 'v1', ...over },
    },
  };
}

function setUp(take: DatasetIntake['take'] = taken, config = aConfig()) {
  const started: StartRun[] = [];
  const hints: AnnouncementHint[] = [];
  const ingest = createIngest({
    pipeline: {
      startRun: async (request) => {
        started.push(request);
        return { run: aRun(), isNew: started.length === 1 };
      },
    },
    config,
    intake: { take },
    announcements: {
      send: async (hint) => void hints.push(hint),
      retryIn: async () => undefined,
    },
    telemetry: silentTelemetry(),
  });
  return { ingest, started, hints };
}

const taken: DatasetIntake['take'] = async ({ fileName }) => ({
  key: `datasets/spam/0123456789ab/${fileName}`,
  fileName,
  version: '0123456789ab',
  bytes: 100,
});

describe('ingest', () => {
  it('starts the run of a dropped file, by its content', async () => {
    const { ingest, started, hints } = setUp();

    await ingest(created('inbox/spam/mails.csv'));

    expect(started).toMatchObject([
      {
        kind: 'retrain',
        model: 'spam',
        requestId: 'dataset 0123456789ab',
        requestedBy: { kind: 'system', name: 'inbox' },
        dataset: { fileName: 'mails.csv' },
      },
    ]);
    expect(hints).toEqual([]);
  });

  it.each([
    ['inbox/spam/mails.csv', 'replace', 'dataset 0123456789ab', false],
    ['inbox/spam/append/mails.csv', 'replace', 'append 0123456789ab', true],
    ['inbox/spam/replace/mails.csv', 'replace', 'dataset 0123456789ab', false],
    ['inbox/spam/mails.csv', 'append', 'append 0123456789ab', true],
    ['inbox/spam/replace/mails.csv', 'append', 'dataset 0123456789ab', false],
  ] as const)('takes %s where a new file is to %s', async (key, onNewFile, requestId, appends) => {
    const { ingest, started } = setUp(taken, aConfig({ data: { onNewFile } }));

    await ingest(created(key));

    expect(started).toMatchObject([{ requestId, dataset: { fileName: 'mails.csv' } }]);
    expect(started[0]).toHaveProperty('kind', 'retrain');
    expect(started.map((request) => 'appends' in request)).toEqual([appends]);
  });

  it('starts the run of a file from Slack for the person who shared it', async () => {
    const { ingest, started } = setUp();

    await ingest(created('slack-inbox/spam/U0GRACE/Grace%20H./append/mails.csv'));
    // Whoever may upload to the inbox cannot say that somebody else shared it.
    await ingest(created('inbox/spam/U0GRACE/Grace/mails.csv'));

    expect(started).toMatchObject([
      { requestedBy: { kind: 'person', id: 'U0GRACE', name: 'Grace H.' }, appends: true },
    ]);
  });

  it('asks for the same run when an event comes twice', async () => {
    const { ingest, started } = setUp();

    await ingest(created('inbox/spam/mails.csv'));
    await ingest(created('inbox/spam/mails.csv'));

    expect(new Set(started.map(({ requestId }) => requestId)).size).toBe(1);
  });

  it.each([
    'inbox/spam/',
    'inbox/',
    'inbox/spam/._mails.csv',
    'inbox/spam/_SUCCESS',
    'inbox/spam/mails.csv.part',
    'inbox/spam/mails.csv.tmp',
    'inbox/spam/~$mails.csv',
  ])('passes over %s without a word', async (key) => {
    const { ingest, started, hints } = setUp();

    await ingest(created(key, { size: key.endsWith('/') ? 0 : 100 }));

    expect([started, hints]).toEqual([[], []]);
  });

  it.each([
    'inbox/spam/mails.xlsx',
    'inbox/spam/.mails.csv',
    'inbox/spam/deeper/mails.csv',
    'inbox/spam/append/deeper/mails.csv',
    'inbox/mails.csv',
  ])('says that %s is not taken, under one key', async (key) => {
    const { ingest, started, hints } = setUp();

    await ingest(created(key));
    await ingest(created(key));

    expect(started).toEqual([]);
    expect(hints).toHaveLength(2);
    expect(hints[0]).toEqual(hints[1]);
    expect(hints[0]).toMatchObject({
      kind: 'file_ignored',
      key: expect.stringContaining(`file ${key}: `),
    });
  });

  it('tells what a person can correct', async () => {
    const { ingest, hints } = setUp(async () => {
      throw new MlopsError('DATASET_INVALID', 'The file is larger than 1024 MB.');
    });

    await ingest(created('inbox/spam/mails.csv'));

    expect(hints).toMatchObject([{ reason: 'The file is larger than 1024 MB.' }]);
  });

  it('throws what may be tried again, so that Lambda does', async () => {
    const { ingest, hints } = setUp(async () => {
      throw new Error('S3 is slow.');
    });

    await expect(ingest(created('inbox/spam/mails.csv'))).rejects.toThrow('S3 is slow.');
    expect(hints).toEqual([]);
  });

  it('lets a file be that was replaced meanwhile', async () => {
    const { ingest, started, hints } = setUp(async () => null);

    await ingest(created('inbox/spam/mails.csv'));

    expect([started, hints]).toEqual([[], []]);
  });

  it.each([null, {}, { detail: { object: { key: 7 } } }, 'text'])('survives %j', async (event) => {
    const { ingest, started, hints } = setUp();

    await ingest(event);

    expect([started, hints]).toEqual([[], []]);
  });
});
