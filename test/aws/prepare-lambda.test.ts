import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../infra/permissions/iam-table.ts';
import { createS3ArtifactStore } from '../../pipeline/aws/s3-artifact-store.ts';
import { parseContract, prepareReportSchema } from '../../pipeline/core/python-contract.ts';
import { describeDatasetPreparer, distinctMails } from '../contract/dataset-preparer.contract.ts';
import { synthesize } from '../infra/synthesized.ts';
import { isMotoInstalled, testRegion, useMoto } from './moto.ts';
import { createAccess, credentialsOf } from './permissions/access.ts';
import { deployedRoles } from './permissions/deployed-roles.ts';
import { guarded } from './permissions/guarded.ts';
import { hasBoto3, pythonOfTools } from './python-tools.ts';

const training = join(import.meta.dirname, '../../training');
const run = promisify(execFile);

/** Calls the handler as Lambda does: an event in, JSON out, an exception as an error. */
const call = `
import json, sys
from prepare_lambda import handler
print("\\n" + json.dumps(handler(json.loads(sys.argv[1]), None)))
`;

describe.skipIf(!isMotoInstalled || !hasBoto3())('prepare_lambda.py', () => {
  const moto = useMoto();
  const { dataTemplate, serviceTemplate } = synthesize();
  const templates = [dataTemplate.toJSON(), serviceTemplate.toJSON()];

  async function prepare(
    content: string | null,
    overrides: object = {},
    stored: Readonly<Record<string, string>> = {},
  ) {
    const bucket = await moto.bucket();
    const artifacts = createS3ArtifactStore({ client: moto.clients().s3, bucket });
    for (const [key, text] of Object.entries(stored)) await artifacts.put(key, text);
    const inputKey = 'datasets/spam/0123456789ab/mails.csv';
    if (content !== null) await artifacts.put(inputKey, content);
    const report = await invoke(bucket, {
      inputKey,
      fileName: 'mails.csv',
      outputPrefix: 'runs/spam-aaaaaaaa/prepared/',
      task: 'text-classification',
      labelColumn: 'label',
      textColumn: 'text',
      ...overrides,
    });
    return { report, artifacts };
  }

  async function invoke(bucket: string, request: object) {
    // As the function's role may, which its credentials name.
    const roles = deployedRoles(templates, (id) =>
      nameOf(id) === 'FilesArtifacts' ? bucket : nameOf(id),
    );
    const { accessKeyId, secretAccessKey } = credentialsOf('prepare');
    const event = { bucket, ...request };
    const { stdout } = await run(pythonOfTools, ['-c', call, JSON.stringify(event)], {
      cwd: training,
      env: {
        PATH: process.env.PATH,
        PYTHONDONTWRITEBYTECODE: '1',
        AWS_ENDPOINT_URL: await guarded(moto.endpoint(), createAccess(roles)),
        AWS_DEFAULT_REGION: testRegion,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    });
    const answer = stdout.trimEnd().split('\n').at(-1) ?? '';
    return parseContract(prepareReportSchema, 'the answer', answer);
  }

  const good = distinctMails(0, 120);
  const [, ...rows] = good.split('\n');

  describeDatasetPreparer('Lambda', async () => {
    const bucket = await moto.bucket();
    const artifacts = createS3ArtifactStore({ client: moto.clients().s3, bucket });
    return { artifacts, preparer: { prepare: (request) => invoke(bucket, request) } };
  });

  it('splits a good dataset and writes the sides beside each other', async () => {
    const { report, artifacts } = await prepare(good);

    expect(report).toMatchObject({ status: 'ok', input: { name: 'mails.csv' } });
    expect(await artifacts.list('runs/')).toEqual([
      'runs/spam-aaaaaaaa/prepared/seen.json',
      'runs/spam-aaaaaaaa/prepared/test.jsonl',
      'runs/spam-aaaaaaaa/prepared/train.jsonl',
      'runs/spam-aaaaaaaa/prepared/validation.jsonl',
    ]);
    const train = await artifacts.get('runs/spam-aaaaaaaa/prepared/train.jsonl');
    expect(
      new TextDecoder()
        .decode(train ?? undefined)
        .trimEnd()
        .split('\n'),
    ).toHaveLength(report.split.train);
  });

  it('answers with the report of a bad dataset and writes nothing', async () => {
    const { report, artifacts } = await prepare('label,body\nspam,hello\n');

    expect(report.status).toBe('invalid');
    expect(report.errors[0]?.message).toContain('text');
    expect(await artifacts.list('runs/')).toEqual([]);
  });

  it('keeps a name that looks like a path or an option where it belongs', async () => {
    const { report } = await prepare(good, { fileName: '../../--output-dir=x.csv' });

    expect(report.input.name).toBe('--output-dir=x.csv');
  });

  it('reads what earlier versions were trained on, and says when that is gone', async () => {
    const prefix = 'runs/spam-bbbbbbbb/prepared/';
    const trained = rows.map((row, index) => {
      const [label, text] = row.split(',');
      return JSON.stringify({ id: index.toString(16).padStart(16, '0'), text, label });
    });
    const earlier = [
      { version: 1, prefix: 'runs/spam-gone/prepared/' },
      { version: 2, prefix },
    ];

    const { report, artifacts } = await prepare(
      good,
      { earlier },
      { [`${prefix}train.jsonl`]: trained.join('\n') },
    );

    expect(report.seen).toEqual([
      { version: 1, rows: null },
      { version: 2, rows: report.split.test },
    ]);
    const seen = await artifacts.get('runs/spam-aaaaaaaa/prepared/seen.json');
    const { versions } = JSON.parse(new TextDecoder().decode(seen ?? undefined));
    expect(versions[2]).toHaveLength(report.split.test);
  });

  it('raises when there is no such file', async () => {
    await expect(prepare(null)).rejects.toThrow(/404|NoSuchKey|Not Found/);
  });
});
