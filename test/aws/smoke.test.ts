// The smoke test of a deployed stage, played over the stand-ins: its commands go through the real entry
// of the function `commands` under the deployed role, its file through the function `ingest`.
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createCommandsTransport } from '../../bot/adapters/aws/commands-transport.ts';
import { createCommandsEntry } from '../../bot/adapters/aws/create-commands-entry.ts';
import { isWaitingForApproval } from '../../bot/blocks/headline.ts';
import { openSmokeStage } from '../../scripts/smoke/open-smoke-stage.ts';
import { runSmoke } from '../../scripts/smoke/run-smoke.ts';
import { unset } from '../fakes/unset.ts';
import { grace } from '../flow/world.ts';
import { silentTelemetry } from '../infra/silent-telemetry.ts';
import { createAwsWorld } from './aws-world.ts';
import { useDurableRunner } from './lambda-server.ts';
import { isMotoInstalled, testCredentials, testRegion, useMoto } from './moto.ts';
import { ServiceError } from './service-error.ts';

const inbox = { bucket: 'files', prefix: 'inbox/' };

describe.skipIf(!isMotoInstalled)('npm run smoke on AWS', { timeout: 120_000 }, () => {
  const moto = useMoto();
  useDurableRunner();

  /** The smoke test of a world; `whileSleeping`: what happens when it waits. */
  async function smokeOf(
    world: Awaited<ReturnType<typeof createAwsWorld>>,
    { approves }: { readonly approves: boolean },
  ) {
    const said: string[] = [];
    const removed: string[] = [];
    const entry = createCommandsEntry({
      tools: { ...world, pipeline: world.compose('commands').pipeline },
      announcements: world.announcementsOf('commands'),
      telemetry: silentTelemetry(),
    });
    const functionName = 'mlops-bot-development-commands:cli';
    const invokedFunctionArn = `arn:aws:lambda:${testRegion}:123456789012:function:${functionName}`;
    const model = world.config.models.spam;
    if (model === undefined) throw new Error('The model of the tests is gone.');
    let requests = 0;
    const exitCode = await runSmoke({
      stage: {
        inbox: async () => inbox,
        put: async (_, key, body) => void (await world.upload(body, key.split('/').at(-1))),
        remove: async (bucket, key) => void removed.push(`${bucket}/${key}`),
        commands: createCommandsTransport({
          stage: 'development',
          region: testRegion,
          functionName,
          invoke: async (question) => ({
            kind: 'answered',
            payload: await world.frozenAfter('commands', () =>
              entry(question, { invokedFunctionArn }),
            ),
          }),
        }),
      },
      model: 'spam',
      config: model,
      approvalMinutes: 15,
      now: world.clock.now,
      newRequestId: () => `request-${++requests}`,
      sleep: async () => {
        const waiting = (await world.runs.list({ ended: false })).find(isWaitingForApproval);
        if (approves && waiting !== undefined) await world.approve(waiting.id, grace);
        await world.advance(60);
      },
      interrupted: new AbortController().signal,
      say: (line) => void said.push(line),
    });
    await world.settle();
    return { exitCode, text: said.join('\n'), removed };
  }

  it('passes up to a live version, and leaves no run, endpoint or file', async () => {
    const world = await createAwsWorld(moto);

    const { exitCode, text, removed } = await smokeOf(world, { approves: true });

    expect(text).toContain('Deploy it and watch it: v2 was live');
    expect(exitCode).toBe(0);
    const runs = await world.runs.list({});
    expect(runs.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['retire', 'retired'],
      ['retrain', 'deployed'],
      ['retrain', 'stopped'],
    ]);
    expect(runs[1]?.spot).toBe(false);
    expect(await world.endpoints.describe('spam')).toBeNull();
    expect(removed).toEqual([expect.stringMatching(/^files\/inbox\/spam\/smoke-\d+\.csv$/)]);
  });

  it('says at which step a quota stopped it, and leaves nothing', async () => {
    const world = await createAwsWorld(moto);
    world.script.train = async (job) => {
      world.server.refuse('CreateTrainingJob', new ServiceError('ResourceLimitExceeded', quota));
      job.train();
    };

    const { exitCode, text } = await smokeOf(world, { approves: true });

    expect(exitCode).toBe(1);
    expect(text).toContain('✗ It broke at “Train, evaluate and judge on an on-demand machine”.');
    expect(text).toContain('ml.g4dn.xlarge for training job usage');
    expect(await world.runs.list({ ended: false })).toEqual([]);
    for (const { TrainingJobName = '' } of world.server.jobRequests()) {
      expect((await world.jobs.describe(TrainingJobName))?.status).not.toBe('InProgress');
    }
  });

  it('reads the outputs of the stack, and puts and removes its file', async () => {
    const around = { region: testRegion, endpoint: moto.endpoint(), credentials: testCredentials };
    const bucket = await moto.bucket();
    const client = new CloudFormationClient(around);
    const StackName = 'mlops-bot-development-data';
    const TemplateBody = JSON.stringify({
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Inbox: { Value: `s3://${bucket}/inbox/` } },
    });
    const stage = openSmokeStage(
      { name: 'development', region: testRegion },
      {
        lookEveryMilliseconds: 0,
        command: () => unset('command'),
        run: () => unset('run'),
      },
      around,
    );
    await expect(stage.inbox()).rejects.toMatchObject({
      message: expect.stringContaining('The stack mlops-bot-development-data could not be read'),
      hint: expect.stringContaining('npm run deploy -- --stage development'),
    });
    await client.send(new CreateStackCommand({ StackName, TemplateBody }));
    await waitUntilStackCreateComplete({ client, maxWaitTime: 10, minDelay: 1 }, { StackName });

    const found = await stage.inbox();
    await stage.put(found.bucket, `${found.prefix}spam/smoke.csv`, 'label,text\n');
    const { s3 } = moto.clients();
    const list = () => s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const stored = (await list()).Contents?.map(({ Key }) => Key);
    await stage.remove(found.bucket, `${found.prefix}spam/smoke.csv`);

    expect(stored).toEqual(['inbox/spam/smoke.csv']);
    expect((await list()).KeyCount).toBe(0);
    client.destroy();
  });
});

const quota =
  "The account-level service limit 'ml.g4dn.xlarge for training job usage' is 0 Instances, " +
  'with current utilization of 0 Instances and a request delta of 1 Instances.';
