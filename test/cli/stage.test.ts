import { join } from 'node:path';
import { LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCommandsEntry } from '../../bot/adapters/aws/create-commands-entry.ts';
import type { CommandSource } from '../../bot/cli/command-sources.ts';
import { openStage } from '../../scripts/mlops/open-stage.ts';
import { testConfig } from '../bot/bot-harness.ts';
import { aVersion, createFakePipeline } from '../bot/fake-pipeline.ts';
import { sample } from '../bot/sample.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';
import { silentTelemetry } from '../infra/silent-telemetry.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openLambdaEndpoint } from './lambda-endpoint.ts';
import { createTerminal } from './terminal.ts';

beforeEach(() => {
  const missingFile = join(temporaryFolder(), 'none');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  // No credentials of the person who runs the tests.
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', missingFile);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', missingFile);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});

afterEach(() => vi.unstubAllEnvs());

/** The real entry of the function over a fake pipeline, and a terminal that invokes it. */
async function openProduction({
  source = 'cli',
  ...around
}: {
  source?: CommandSource;
  stage?: string | null;
} = {}) {
  const clock = createFakeClock('2026-11-20T09:40:00.000Z');
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const lambda = await openLambdaEndpoint({
    functionName: 'mlops-bot-production-commands',
    region: 'us-east-1',
    handler: createCommandsEntry({
      tools: { config: testConfig, pipeline, clock },
      announcements: { send: () => unset('send') },
      telemetry: silentTelemetry(),
    }),
  });
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambda.url);
  const terminal = createTerminal({
    stage: 'production',
    openStage: (stage) => openStage(stage, source),
    ...around,
  });
  return { pipeline, lambda, ...terminal };
}

describe('mlops with a stage', () => {
  it.each([
    ['status', 'spam'],
    ['runs', 'training'],
    ['logs spam', 'step 3'],
    ['costs', '2026'],
    ['approvals', 'Nothing is waiting'],
    ['alerts', 'No open alerts'],
    ['audit', 'Nothing is in the audit log'],
    ['help', 'mlops retrain <model>'],
    ['whoami', 'You are the command line'],
  ])('answers %s', async (command, expected) => {
    const { pipeline, run } = await openProduction();
    pipeline.put(sample('training'));
    pipeline.setLogs(['step 3']);

    const { code, out, error } = await run(...command.split(' '));

    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain(expected);
  });

  it('names people as the audit names them', async () => {
    const { pipeline, run } = await openProduction();
    pipeline.put(sample('waiting for approval'));
    const unknown = await run('approvals');
    await pipeline.audit.append({
      id: 'slack:1',
      at: '2026-11-20T09:00:00.000Z',
      by: { kind: 'person', id: 'U0GRACE', name: 'Grace' },
      from: 'slack',
      action: 'status',
      model: null,
      what: '',
      outcome: { kind: 'ok' },
    });

    const known = await run('approvals');

    expect(unknown.out).toContain('@U0GRACE');
    expect(known.out).not.toContain('@U0GRACE');
    expect(known.out).toContain('Grace');
  });

  it('starts a run in the name of the command line and records the source in the audit', async () => {
    const { pipeline, run } = await openProduction();

    const { out } = await run('retrain', 'spam', 'epochs=3', 'reason=two words');

    expect(out).toContain('Retrain of spam started.');
    expect(pipeline.started).toMatchObject([
      {
        requestedBy: { kind: 'system', name: 'cli' },
        hyperparameters: { epochs: '3' },
        reason: 'two words',
      },
    ]);
    expect(pipeline.audit.entries).toMatchObject([
      { from: 'cli', action: 'retrain', model: 'spam', by: { name: 'cli' } },
    ]);
    expect((await run('audit')).out).toContain('the command line: retrain spam');
  });

  it('uses the source `ci` where CI runs it', async () => {
    const { pipeline, run } = await openProduction({ source: 'ci' });

    await run('retrain', 'spam');

    expect(pipeline.audit.entries).toMatchObject([{ from: 'ci', by: { name: 'ci' } }]);
  });

  it('rolls back with the rights of an operator once confirmed', async () => {
    const { pipeline, run } = await openProduction();
    pipeline.setProduction(7, 'spam-live', 6);
    pipeline.setVersions([aVersion(7), aVersion(6)]);

    const asked = await run('rollback', 'spam');
    expect(asked.out).toContain('Add --yes to confirm.');
    expect(pipeline.started).toEqual([]);

    await run('rollback', 'spam', '--yes');
    expect(pipeline.started).toMatchObject([{ kind: 'rollback', version: 6 }]);
  });

  it('never approves, which only a person may', async () => {
    const { pipeline, run } = await openProduction();
    pipeline.put(sample('waiting for approval'));

    const { code, error } = await run('approve', 'spam', '--yes');

    expect(code).toBe(1);
    expect(error).toContain('Only a person can approve or reject');
    expect((await pipeline.listRuns({}))[0]?.approval?.decisions).toEqual([]);
  });

  it('never acts as a person', async () => {
    const { lambda, run } = await openProduction();

    const { code, error } = await run('whoami', '--as', 'U0ADA');

    expect(code).toBe(2);
    expect(error).toContain('--as works only with the app on this machine');
    expect(lambda.payloads).toEqual([]);
  });

  it('starts one run when the answer is lost and the SDK retries', async () => {
    const { pipeline, lambda, run } = await openProduction();
    lambda.loseNextAnswer();

    const { code, out } = await run('retrain', 'spam');

    expect(lambda.payloads).toHaveLength(2);
    expect(lambda.payloads[0]).toEqual(lambda.payloads[1]);
    expect({ code, started: pipeline.started.length }).toEqual({ code: 0, started: 1 });
    expect(out).toContain('Retrain of spam was already started');
    expect(pipeline.audit.entries).toHaveLength(1);
  });

  it.each([
    [['retrian'], 2, 'Did you mean mlops retrain?'],
    [['retrain', 'spma'], 2, 'Did you mean mlops retrain spam?'],
    [['retrain', 'spam', 'epochs=0'], 2, 'is not between 1 and 20'],
    [['rollback', 'spam', '--yes'], 1, 'has nothing in production yet'],
  ])('%j exits with %i', async (args, expected, message) => {
    const { run } = await openProduction();

    const { code, out, error } = await run(...args);

    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(error).toContain(message);
  });

  it.each([
    ['deployed', 0],
    ['waiting for approval', 0],
    ['blocked', 3],
    ['training failed', 1],
  ] as const)('follows a run that ends up “%s” and exits with %i', async (state, expected) => {
    const { pipeline, run, onSleep } = await openProduction();
    const states = ['training', state];
    onSleep(() => {
      const [{ model } = { model: 'spam' }] = pipeline.started;
      pipeline.put({ ...sample(states.shift() ?? state), model, id: 'spam-20261122-00000001' });
    });

    const { code, out, error } = await run('retrain', 'spam', '--wait');

    expect(code).toBe(expected);
    expect(error).toContain('⏳ spam: training');
    expect(out).toContain('Run spam-20261122-00000001');
  });

  it('keeps following through a short refusal of AWS', async () => {
    const { pipeline, lambda, run, onSleep } = await openProduction();
    const answers = [{ status: 400, type: 'SomethingElse', message: 'A moment.' }, null];
    onSleep(() => {
      lambda.refuse(answers.shift() ?? null);
      pipeline.put({ ...sample('deployed'), id: 'spam-20261122-00000001' });
    });

    expect((await run('retrain', 'spam', '--wait')).code).toBe(0);
  });

  it('stops following when the credentials have expired, and names the command that shows the run', async () => {
    const { lambda, run, onSleep } = await openProduction();
    onSleep(() =>
      lambda.refuse({ status: 403, type: 'ExpiredTokenException', message: 'It has expired.' }),
    );

    const { code, error } = await run('retrain', 'spam', '--wait');

    expect(code).toBe(1);
    expect(error).toContain('AWS does not accept these credentials: It has expired.');
    expect(error).toContain('mlops status spam-20261122-00000001 shows how it is doing.');
  });
});

describe('the stage', () => {
  it('is named by --stage or the environment, and --stage local means this machine', async () => {
    const { lambda, run } = await openProduction({ stage: null });
    const here = createTerminal({
      stage: 'production',
      openLocal: () => {
        throw new Error('opened here');
      },
    });

    expect((await run('help', '--stage', 'production')).code).toBe(0);
    expect(lambda.payloads).toHaveLength(1);
    await expect(here.run('help', '--stage', 'local')).rejects.toThrow('opened here');
    await expect(here.run('help', '--data', 'x')).rejects.toThrow('opened here');
  });

  it.each([
    ['prodution', 'Did you mean production?'],
    ['nowhere', 'It has: production, development.'],
  ])('cannot be called %s', async (name, expected) => {
    const { run } = await openProduction();

    const { code, error } = await run('status', '--stage', name);

    expect(code).toBe(2);
    expect(error).toContain(expected);
  });

  it('determines the Region and the name of the function', async () => {
    const { run } = await openProduction();

    const { code, error } = await run('status', '--stage', 'development');

    expect(code).toBe(1);
    expect(error).toContain(
      'The stage development is not deployed in us-east-2 of this AWS account.',
    );
  });
});

describe('when AWS does not answer', () => {
  it.each([
    [403, 'AccessDeniedException', 'may not invoke mlops-bot-production-commands:cli in us-east-1'],
    [403, 'UnrecognizedClientException', 'AWS does not accept these credentials'],
    [404, 'ResourceNotFoundException', 'The stage production is not deployed in us-east-1'],
    [400, 'InvalidRequestContentException', 'AWS Lambda in us-east-1 could not be reached'],
  ])('with %i %s, the message gives the next step', async (status, type, expected) => {
    const { lambda, run } = await openProduction();
    lambda.refuse({ status, type, message: 'No.' });

    const { code, out, error } = await run('status');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toContain(expected);
  });

  it('because of throttling, the message says that nothing was done', async () => {
    const { run } = await openProduction();
    // Mocked, because the real client would retry for seconds first.
    const client = mockClient(LambdaClient);
    onTestFinished(() => client.restore());
    client.rejects(
      new TooManyRequestsException({ message: 'Rate exceeded', $metadata: { attempts: 4 } }),
    );

    const { code, error } = await run('status');

    expect(code).toBe(1);
    expect(error).toContain('AWS is throttling mlops-bot-production-commands:cli');
    expect(error).toContain('nothing was done');
  });

  it('because there are no credentials, the message says how to get some', async () => {
    const { run } = await openProduction();
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);

    const { code, error } = await run('status');

    expect(code).toBe(1);
    expect(error).toContain('No AWS credentials were found for the stage production');
    expect(error).toContain('aws sso login');
  });

  it('because the function failed, the message gives the reference into its log and no detail', async () => {
    const { pipeline, run } = await openProduction();
    pipeline.failNext(new TypeError('secret detail'));

    const { code, out } = await run('status', '--json');

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/Its log has the details under [0-9a-f-]{36}\./),
    });
    expect(out).not.toContain('secret detail');
  });

  it('in the form of this version, the message asks to deploy', async () => {
    const lambda = await openLambdaEndpoint({
      functionName: 'mlops-bot-production-commands',
      region: 'us-east-1',
      handler: async () => ({ status: 'refused' }),
    });
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambda.url);

    const { code, error } = await createTerminal({
      stage: 'production',
      openStage: (stage) => openStage(stage, 'cli'),
    }).run('status');

    expect(code).toBe(1);
    expect(error).toContain('different versions of mlops-bot');
  });
});
