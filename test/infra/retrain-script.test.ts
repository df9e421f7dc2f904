import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandsEntry } from '../../bot/adapters/aws/create-commands-entry.ts';
import type { SentQuestion } from '../../bot/cli/question.ts';
import { testConfig } from '../bot/bot-harness.ts';
import { createFakePipeline } from '../bot/fake-pipeline.ts';
import { sample } from '../bot/sample.ts';
import { openLambdaEndpoint } from '../cli/lambda-endpoint.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const script = resolve(import.meta.dirname, '../../.github/scripts/retrain.mjs');

/** `aws lambda invoke … --payload file://<input> <output>`, and no other command of it. */
const aws = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const [service, action, , name, , , , payload, output] = process.argv.slice(2);
if (service !== 'lambda' || action !== 'invoke') throw new Error('not of this test');
// One line for each coming invocation: the error message with which it fails, or nothing.
const errors = existsSync(process.env.ERRORS) ? readFileSync(process.env.ERRORS, 'utf8').split('\\n') : [];
const error = errors.shift();
writeFileSync(process.env.ERRORS, errors.join('\\n'));
if (error) {
  console.error('\\n' + error);
  process.exit(254);
}
const url = process.env.LAMBDA_URL + '/2015-03-31/functions/' + name + '/invocations';
const body = readFileSync(payload.slice('file://'.length));
const authorization = '/us-east-1/lambda/aws4_request';
fetch(url, { method: 'POST', body, headers: { authorization } }).then(async (response) => {
  writeFileSync(output, await response.text());
  console.log(JSON.stringify({ FunctionError: response.headers.get('x-amz-function-error') ?? undefined }));
});
`;

/** `gh api --method <method> <path> [--input -]`: a pull request 12, and its comments. */
const gh = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const [, , method, path, ...rest] = process.argv.slice(2);
if (process.env.GH_FAILS) {
  process.stderr.write(process.env.GH_FAILS);
  process.exit(1);
}
const input = rest.length > 0 ? JSON.parse(readFileSync(0, 'utf8')) : {};
const before = existsSync(process.env.GH_LOG) ? readFileSync(process.env.GH_LOG, 'utf8') : '';
const isWritten = before.includes('"method":"POST","path":"repos/example/mlops-bot/issues/12/comments"');
appendFileSync(process.env.GH_LOG, JSON.stringify({ method, path, input }) + '\\n');
const comments = isWritten ? [{ id: 7, body: '<!-- mlops-bot spam -->' }] : [];
const answers = path.endsWith('/pulls') ? [{ number: 12 }] : path.includes('?per_page') ? comments : {};
console.log(JSON.stringify(answers));
`;

const awsErrors = {
  slow: 'An error occurred (ServiceException) when calling the Invoke operation: Busy.',
  expired: 'An error occurred (ExpiredTokenException) when calling the Invoke operation: Expired.',
  forbidden: 'An error occurred (AccessDeniedException) when calling the Invoke operation: No.',
};

interface GitHubCall {
  readonly method: string;
  readonly path: string;
  readonly input: Readonly<Record<string, string>>;
}

/** Runs the script of the workflow, with GitHub's variables, against the real entry of the function. */
async function setUp() {
  const clock = createFakeClock();
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const tools = { config: testConfig, pipeline, clock };
  let onPoll = () => {};
  const handler = createCommandsEntry({
    tools,
    announcements: { send: () => unset('send') },
    telemetry: silentTelemetry(),
  });
  const lambda = await openLambdaEndpoint({
    functionName: 'mlops-bot-production-commands',
    region: 'us-east-1',
    handler: async (question, context) => {
      if ((question as SentQuestion).kind === 'run') onPoll();
      return handler(question, context);
    },
  });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'aws'), aws);
  writeFileSync(join(folder, 'gh'), gh);
  for (const tool of ['aws', 'gh']) chmodSync(join(folder, tool), 0o755);
  const summary = join(folder, 'summary.md');
  const env = {
    PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
    LAMBDA_URL: lambda.url,
    COMMANDS_FUNCTION:
      'arn:aws:lambda:us-east-1:111122223333:function:mlops-bot-production-commands:ci',
    POLL_SECONDS: '0',
    ERRORS: join(folder, 'errors.txt'),
    GH_LOG: join(folder, 'gh.jsonl'),
    GITHUB_SHA: 'a1b2c3d4e5f60718293a',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'example/mlops-bot',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_STEP_SUMMARY: summary,
  };
  const run = (model: string, more: Readonly<Record<string, string>> = {}) =>
    new Promise<{ code: number; output: string }>((end) => {
      execFile(
        process.execPath,
        [script],
        { env: { ...env, MODEL: model, ...more } },
        (error, stdout, stderr) =>
          end({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  return {
    pipeline,
    run,
    /** The errors of the next invocations; '' for none. */
    failNext: (...errors: string[]) => writeFileSync(env.ERRORS, errors.join('\n')),
    /** Starts the run before the script does, as when a step is repeated; one state per poll. */
    async startAs(state: string, ...later: string[]) {
      const { run: started } = await pipeline.startRun({
        kind: 'retrain',
        requestId: 'ci:4711.2',
        model: 'spam',
        requestedBy: { kind: 'system', name: 'ci' },
        reason: null,
        dataset: null,
        hyperparameters: {},
      });
      const show = (next: string) => pipeline.put({ ...sample(next), id: started.id });
      show(state);
      onPoll = () => {
        const next = later.shift();
        if (next !== undefined) show(next);
      };
      return started;
    },
    summary: () => readFileSync(summary, 'utf8'),
    /** What was asked of GitHub, in order. */
    github: () =>
      readFileSync(env.GH_LOG, 'utf8')
        .trim()
        .split('\n')
        .map((line): GitHubCall => JSON.parse(line)),
  };
}

describe.skipIf(process.platform === 'win32')('the script of the workflow “retrain”', () => {
  it('starts a run once per attempt and reports its verdict', async () => {
    const { pipeline, run, startAs, summary } = await setUp();
    const started = await startAs('blocked');

    const { code, output } = await run('spam');

    expect(output).toContain(`Run ${started.id}`);
    expect(code).toBe(1);
    expect(summary()).toContain('## spam: blocked');
    expect(pipeline.started).toHaveLength(1);
    expect(pipeline.audit.entries).toMatchObject([
      { from: 'ci', action: 'retrain', what: expect.stringContaining('commit=a1b2c3d4e5f6') },
    ]);
  });

  it('shows the verdict on the commit and in one comment of its pull request', async () => {
    const { run, startAs, github } = await setUp();
    await startAs('training', 'waiting for approval');

    await run('spam', { GH_TOKEN: 'token' });
    const first = github();
    await run('spam', { GH_TOKEN: 'token' });

    const statuses = first.filter(({ path }) => path.includes('/statuses/'));
    expect(statuses.map(({ input }) => input.state)).toEqual(['pending', 'success']);
    expect(statuses[0]).toMatchObject({
      method: 'POST',
      path: 'repos/example/mlops-bot/statuses/a1b2c3d4e5f60718293a',
      input: { context: 'mlops-bot/spam' },
    });
    const written = github().filter(
      ({ path, method }) => /comments/.test(path) && method !== 'GET',
    );
    expect(written.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
    expect(written[1]?.input.body).toContain('waiting for approval in Slack');
  });

  it('goes on when GitHub cannot be reached', async () => {
    const { run, startAs } = await setUp();
    await startAs('waiting for approval');

    const { code, output } = await run('spam', { GH_TOKEN: 'token', GH_FAILS: 'HTTP 502' });

    expect(code).toBe(0);
    expect(output).toContain('could not be shown on GitHub: HTTP 502');
  });

  it('reports an unknown model and runs no shell on its name', async () => {
    const { pipeline, run } = await setUp();

    const { code, output } = await run('spma; rm -rf /');

    expect(code).toBe(1);
    expect(output).toContain('There is no model “spma; rm -rf /”.');
    expect(pipeline.started).toEqual([]);
  });

  it('says where to look when the function fails', async () => {
    const { pipeline, run } = await setUp();
    pipeline.failNext(new TypeError('a defect'));

    const { code, output } = await run('spam');

    expect(code).toBe(1);
    expect(output).toContain('The function “commands” failed.');
  });

  it('says what to check when AWS refuses the first request', async () => {
    const { run, failNext } = await setUp();
    failNext(awsErrors.forbidden);

    const { code, output } = await run('spam');

    expect(code).toBe(1);
    expect(output).toContain('(AccessDeniedException)');
    expect(output).toContain('MLOPS_COMMANDS_FUNCTION, AWS_REGION and AWS_RETRAIN_ROLE');
    expect(output).not.toContain('at execFileSync');
  });

  it('retries a failed poll and says so', async () => {
    const { run, startAs, failNext } = await setUp();
    await startAs('training', 'training', 'deployed');
    failNext('', awsErrors.slow, '', awsErrors.slow, '');

    const { code, output } = await run('spam');

    expect(code).toBe(0);
    expect(
      output.match(/No answer \(1 of 10\), retrying in 0 s: .*\(ServiceException\)/g),
    ).toHaveLength(2);
    expect(output).toContain('## spam: deployed');
  });

  it('gives up after ten failed polls and says where to follow the run', async () => {
    const { run, startAs, failNext, summary } = await setUp();
    await startAs('training');
    failNext('', ...Array.from({ length: 10 }, () => awsErrors.slow));

    const { code, output } = await run('spam');

    expect(code).toBe(1);
    expect(output).toContain('No answer 10 times in a row: ');
    expect(output).toContain('The run continues; its thread in Slack shows the result.');
    expect(summary()).toContain('still running');
  });

  it('succeeds without a verdict when the credentials expire, because the run continues', async () => {
    const { run, startAs, failNext, summary } = await setUp();
    await startAs('training');
    failNext('', awsErrors.expired);

    const { code, output } = await run('spam');

    expect(code).toBe(0);
    expect(output).toContain(
      'The credentials have expired, so this step stops polling. The run continues; its thread in Slack shows the result.',
    );
    expect(summary()).toContain('still running');
  });
});
