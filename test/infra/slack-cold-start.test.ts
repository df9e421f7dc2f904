import { createHmac } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStandIn } from '../../bench/slack-door/stand-in.ts';
import { bundleLambda, type LambdaBundle } from '../../infra/bundle/bundle-lambda.ts';

const root = resolve(import.meta.dirname, '../..');
const secret = 'a'.repeat(32);
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live';

let bundle: LambdaBundle;
beforeAll(async () => {
  bundle = await bundleLambda({ name: 'slack', root, out: join(root, 'dist', 'test-cold-start') });
}, 60_000);

/** The outputs that are evaluated with this one, by its imports that are not dynamic. */
function loadedWith({ outputs }: Metafile, first: string, seen = new Set<string>()): Set<string> {
  if (seen.has(first)) return seen;
  seen.add(first);
  for (const { path, kind } of outputs[first]?.imports ?? []) {
    if (kind === 'import-statement' && path in outputs)
      loadedWith({ outputs, inputs: {} }, path, seen);
  }
  return seen;
}

function outputOf({ outputs }: Metafile, entry: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry);
  if (found === undefined) throw new Error(`${entry} is not loaded on its own.`);
  return found[0];
}

function inputsOf({ outputs }: Metafile, files: Iterable<string>): readonly string[] {
  return [...files].flatMap((file) =>
    Object.entries(outputs[file]?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  );
}

const adapters = 'bot/lambda/compose-slack.ts';
const answering = 'bot/create-answering-bot.ts';

describe('what the slack function loads', () => {
  it('before it can check a signature is neither Bolt nor an adapter of AWS nor a schema', () => {
    const { metafile } = bundle;

    const loaded = inputsOf(
      metafile,
      loadedWith(metafile, outputOf(metafile, 'bot/lambda/slack.ts')),
    );

    expect(
      loaded.filter((path) => /@slack|@aws-sdk|@smithy|\/(zod|tar)\/|^bot\/features/.test(path)),
    ).toEqual([]);
  });

  it('before it answers is Bolt and the bot, but no adapter of AWS and no schema', () => {
    const { metafile } = bundle;

    const loaded = inputsOf(metafile, loadedWith(metafile, outputOf(metafile, answering)));

    expect(loaded.some((path) => path.includes('@slack/bolt'))).toBe(true);
    expect(
      loaded.filter((path) => /@aws-sdk|@smithy|\/(zod|tar)\/|^pipeline\/flow/.test(path)),
    ).toEqual([]);
  });

  it.each([answering, adapters])(
    '%s lies with all it imports in the folder that is deployed',
    (entry) => {
      const { metafile, folder } = bundle;

      const files = [...loadedWith(metafile, outputOf(metafile, entry))].map((file) =>
        basename(file),
      );

      expect(files.length).toBeGreaterThan(1);
      for (const file of files) expect(statSync(join(folder, file)).size).toBeGreaterThan(0);
    },
  );
});

describe('the slack function, as Lambda loads it', () => {
  let standIn: Awaited<ReturnType<typeof openStandIn>>;
  let handler: (event: unknown, context: unknown) => Promise<{ statusCode: number; body: string }>;
  const loads = () => (globalThis as { adapterLoads?: number }).adapterLoads ?? 0;

  beforeAll(async () => {
    standIn = await openStandIn({ '/token': 'xoxb-test', '/secret': secret });
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: standIn.url,
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
      MLOPS_ANNOUNCEMENTS_QUEUE: `${standIn.url}queue`,
      MLOPS_SLACK_BOT_TOKEN: '/token',
      MLOPS_SLACK_SIGNING_SECRET: '/secret',
      POWERTOOLS_DEV: 'true',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    // The chunk counts its evaluations, and is otherwise as it is deployed.
    const chunk = join(bundle.folder, basename(outputOf(bundle.metafile, adapters)));
    writeFileSync(
      chunk,
      `${readFileSync(chunk, 'utf8')}\nglobalThis.adapterLoads = (globalThis.adapterLoads ?? 0) + 1;\n`,
    );
    ({ handler } = await import(pathToFileURL(join(bundle.folder, 'index.mjs')).href));
  });
  afterAll(() => standIn.close());

  const command = (text: string, signedWith = secret) => {
    const body = new URLSearchParams({
      command: '/mlops',
      text,
      user_id: 'U0ADA',
      user_name: 'ada',
      team_id: 'T0',
      channel_id: 'C0',
      trigger_id: `trigger ${text}`,
      response_url: `${standIn.url}response`,
    }).toString();
    const at = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', signedWith).update(`v0:${at}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
    };
    return handler(
      {
        rawPath: '/',
        headers,
        body,
        isBase64Encoded: false,
        requestContext: { http: { method: 'POST' } },
      },
      {},
    );
  };

  it('loads the adapters of AWS with the first signed command that needs them, and once', async () => {
    const forged = await command('status', 'b'.repeat(32));
    const afterForged = loads();
    const help = await command('help');
    const afterHelp = loads();
    const listings = [await command('runs'), await command('runs')];
    // A slow machine answers before they are loaded, and hands the request over.
    await vi.waitFor(() => expect(loads()).toBe(1), 10_000);

    expect([forged.statusCode, afterForged]).toEqual([401, 0]);
    expect([help.statusCode, afterHelp]).toEqual([200, 0]);
    expect(help.body).toContain('/mlops retrain');
    expect([...listings.map(({ statusCode }) => statusCode), loads()]).toEqual([200, 200, 1]);
    expect(listings[0]?.body).not.toContain('Something unexpected');
  });
});
