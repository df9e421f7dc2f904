import { readFileSync, rmSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleLambda, type LambdaBundle } from '../../infra/bundle/bundle-lambda.ts';
import { type LambdaName, lambdaNames } from '../../infra/bundle/entries.ts';
import { stagePrepareCode, stageTrainingCode } from '../../infra/bundle/python-code.ts';

const root = resolve(import.meta.dirname, '../..');
const out = join(root, 'dist', 'test-bundles');
const bundles = new Map<LambdaName, LambdaBundle>();

beforeAll(async () => {
  rmSync(out, { recursive: true, force: true });
  for (const name of lambdaNames) {
    bundles.set(name, await bundleLambda({ name, root, out }));
  }
}, 60_000);

function bundle(name: LambdaName): LambdaBundle {
  const found = bundles.get(name);
  if (found === undefined) throw new Error(`${name} was not bundled.`);
  return found;
}

/** Files whose code is in the outputs, not only looked at. */
function contentsOf({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  );
}

/** Installed folders by package name. */
function packagesIn(metafile: Metafile): ReadonlyMap<string, ReadonlySet<string>> {
  const packages = new Map<string, Set<string>>();
  for (const path of contentsOf(metafile)) {
    const match = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
    if (match === null) continue;
    const [, folder = '', name = ''] = match;
    packages.set(name, (packages.get(name) ?? new Set()).add(folder));
  }
  return packages;
}

async function kilobytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  return Math.round(bytes / 1024);
}

describe('the bundles', () => {
  it.each(lambdaNames)('%s contains one copy of every SDK', (name) => {
    const twice = [...packagesIn(bundle(name).metafile)].filter(
      ([name, folders]) => folders.size > 1 && /^(?:@aws|@smithy|@slack|zod$)/.test(name),
    );

    expect(twice).toEqual([]);
  });

  it.each(lambdaNames)('%s contains no local and no infrastructure code', (name) => {
    const strangers = contentsOf(bundle(name).metafile).filter((path) =>
      /^(?:pipeline\/local|bot\/local|infra|test|scripts)\//.test(path),
    );

    expect(strangers).toEqual([]);
  });

  it.each([
    ['slack', 1_920],
    ['announce', 1_740],
    ['pipeline', 1_750],
    ['ingest', 1_520],
    ['signals', 1_530],
    ['commands', 1_690],
  ] as const)('%s stays below %i KB', async (name, limit) => {
    expect(await kilobytes(bundle(name).folder)).toBeLessThan(limit);
  });

  it('only pipeline carries the durable SDK', () => {
    const carriers = lambdaNames.filter((name) =>
      packagesIn(bundle(name).metafile).has('@aws/durable-execution-sdk-js'),
    );

    expect(carriers).toEqual(['pipeline']);
  });

  it('slack leaves out servers, sockets, installations and other sources of credentials', () => {
    const packages = [...packagesIn(bundle('slack').metafile).keys()];

    const leftOut = ['express', 'ws', '@slack/socket-mode', '@slack/oauth', 'raw-body'];
    for (const name of [...leftOut, 'jsonwebtoken', 'iconv-lite', '@aws-sdk/nested-clients']) {
      expect(packages).not.toContain(name);
    }
  });

  it('announce leaves out what answers Slack', () => {
    const packages = [...packagesIn(bundle('announce').metafile).keys()];

    expect(packages).not.toContain('@slack/bolt');
  });

  it('commands does without Slack', () => {
    const packages = [...packagesIn(bundle('commands').metafile).keys()];

    expect(packages.filter((name) => name.startsWith('@slack/'))).toEqual([]);
    for (const name of ['express', 'ws', '@aws-sdk/client-ssm']) {
      expect(packages).not.toContain(name);
    }
  });

  it('are the same for the same sources', async () => {
    const first = bundle('commands');

    const second = await bundleLambda({ name: 'commands', root, out: join(out, 'again') });

    expect(readFileSync(join(second.folder, 'index.mjs'), 'utf8')).toBe(
      readFileSync(join(first.folder, 'index.mjs'), 'utf8'),
    );
  });

  it('contain the Python code without caches, samples and tests', async () => {
    const [prepare, training] = await Promise.all([
      stagePrepareCode(root, out),
      stageTrainingCode(root, out),
    ]);
    const files = [
      ...(await readdir(prepare, { recursive: true })),
      ...(await readdir(training, { recursive: true })),
    ];

    expect(files).toContain('prepare_lambda.py');
    expect(files).toContain('recipes/distilbert/train.py');
    expect(files.filter((file) => /__pycache__|\.pyc$|samples/.test(file))).toEqual([]);
  });
});

describe('the bundles, as Lambda loads them', () => {
  beforeAll(() => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live';
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9',
      MLOPS_BUCKET: 'bucket',
      MLOPS_TABLE: 'table',
      MLOPS_EVENT_BUS: 'bus',
      MLOPS_PIPELINE_FUNCTION: arn,
      MLOPS_PREPARE_FUNCTION: 'prepare',
      MLOPS_JOB_ROLE: 'arn:aws:iam::123456789012:role/job',
      MLOPS_ENDPOINT_ROLE: 'arn:aws:iam::123456789012:role/endpoint',
      MLOPS_CODE_PREFIX: 'code/abc/',
      MLOPS_TRAINING_IMAGES: '{}',
      MLOPS_INFERENCE_IMAGES: '{}',
      MLOPS_ANNOUNCEMENTS_QUEUE: 'http://127.0.0.1:9/queue',
      MLOPS_FUNCTIONS_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:',
      MLOPS_ALIAS: 'live',
      AWS_LAMBDA_FUNCTION_NAME: 'pipeline',
      MLOPS_SLACK_BOT_TOKEN: '/t',
      MLOPS_SLACK_SIGNING_SECRET: '/s',
      POWERTOOLS_DEV: 'true',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    });
  });

  const event = (over: object) => ({
    version: '2.0',
    rawPath: '/slack/events',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST' }, requestId: 'r' },
    ...over,
  });

  it.each(lambdaNames)('%s exports a handler of two arguments at most', async (name) => {
    const { handler } = await import(pathToFileURL(join(bundle(name).folder, 'index.mjs')).href);

    // Lambda refuses three on Node 24: it takes the third for a callback.
    expect(handler.length).toBeLessThanOrEqual(2);
  });

  it('slack answers without its secrets with a status instead of an error', async () => {
    const { handler } = await import(pathToFileURL(join(bundle('slack').folder, 'index.mjs')).href);

    const answers = await Promise.all(
      [event({}), event({ body: '\u0000garbage', isBase64Encoded: true }), {}, null].map((each) =>
        handler(each),
      ),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503, 503]);
  });
});
