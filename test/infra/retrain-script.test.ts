import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandsEntry } from '../../bot/lambda/create-commands-entry.ts';
import { testConfig } from '../bot/bot-harness.ts';
import { createFakePipeline } from '../bot/fake-pipeline.ts';
import { sample } from '../bot/sample.ts';
import { openLambdaEndpoint } from '../cli/lambda-endpoint.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const script = resolve(import.meta.dirname, '../../.github/scripts/retrain.mjs');

/** `aws lambda invoke … --payload file://<input> <output>`, and no other command of it. */
const aws = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const [service, action, , name, , , , payload, output] = process.argv.slice(2);
if (service !== 'lambda' || action !== 'invoke') throw new Error('not of this test');
const url = process.env.LAMBDA_URL + '/2015-03-31/functions/' + name + '/invocations';
const body = readFileSync(payload.slice('file://'.length));
const authorization = '/us-east-1/lambda/aws4_request';
fetch(url, { method: 'POST', body, headers: { authorization } }).then(async (response) => {
  writeFileSync(output, await response.text());
  console.log(JSON.stringify({ FunctionError: response.headers.get('x-amz-function-error') ?? undefined }));
});
`;

/** The workflow's script beside the real entry of the function, with what GitHub tells it. */
async function setUp() {
  const clock = createFakeClock();
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const tools = { config: testConfig, pipeline, clock };
  const lambda = await openLambdaEndpoint({
    functionName: 'mlops-bot-production-commands',
    region: 'us-east-1',
    handler: createCommandsEntry({ tools, telemetry: silentTelemetry() }),
  });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'aws'), aws);
  chmodSync(join(folder, 'aws'), 0o755);
  const summary = join(folder, 'summary.md');
  const env = {
    PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
    LAMBDA_URL: lambda.url,
    COMMANDS_FUNCTION: 'mlops-bot-production-commands',
    GITHUB_SHA: 'a1b2c3d4e5f60718293a',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'example/mlops-bot',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_STEP_SUMMARY: summary,
  };
  const run = (model: string) =>
    new Promise<{ code: number; said: string }>((end) => {
      execFile(
        process.execPath,
        [script],
        { env: { ...env, MODEL: model } },
        (error, stdout, stderr) =>
          end({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
      );
    });
  return { pipeline, run, summary: () => readFileSync(summary, 'utf8') };
}

describe.skipIf(process.platform === 'win32')('the script of the workflow “retrain”', () => {
  it('starts a run once per attempt and tells its verdict', async () => {
    const { pipeline, run, summary } = await setUp();
    // Ended already, so that nobody has to wait: as when the step is repeated.
    const { run: started } = await pipeline.startRun({
      kind: 'retrain',
      requestId: 'ci:4711.2',
      model: 'spam',
      requestedBy: { kind: 'system', name: 'ci' },
      reason: null,
      dataset: null,
      hyperparameters: {},
    });
    pipeline.put({ ...sample('blocked'), id: started.id });

    const { code, said } = await run('spam');

    expect(said).toContain(`Run ${started.id}`);
    expect(code).toBe(1);
    expect(summary()).toContain('## spam: blocked');
    expect(pipeline.started).toHaveLength(1);
    expect(pipeline.audit.entries).toMatchObject([
      { from: 'ci', action: 'retrain', what: expect.stringContaining('commit=a1b2c3d4e5f6') },
    ]);
  });

  it('tells what the caller can correct, whatever was typed as the model', async () => {
    const { pipeline, run } = await setUp();

    const { code, said } = await run('spma; rm -rf /');

    expect(code).toBe(1);
    expect(said).toContain('There is no model “spma; rm -rf /”.');
    expect(pipeline.started).toEqual([]);
  });

  it('says where to look when the function fails', async () => {
    const { pipeline, run } = await setUp();
    pipeline.failNext(new TypeError('a defect'));

    const { code, said } = await run('spam');

    expect(code).toBe(1);
    expect(said).toContain('The function “commands” failed.');
  });
});
