import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requiredScopes } from '../../bot/slack/manifest.ts';
import { stages } from '../../infra/config/stages.ts';
import { checkMachine } from '../../scripts/doctor/check-machine.ts';
import { checkSlack } from '../../scripts/doctor/check-slack.ts';
import { checkStage } from '../../scripts/doctor/check-stage.ts';
import { toLines } from '../../scripts/doctor/report.ts';
import { unset } from '../fakes/unset.ts';
import { aConfig } from '../flow/world.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const scopes = Object.keys(requiredScopes);

/** Slack as far as the doctor asks it; the channels come in pages of one. */
function aSlack(
  granted: readonly string[],
  channels: readonly { id: string; name: string; is_member: boolean }[],
) {
  return {
    auth: {
      test: async () => ({ team: 'Acme', user: 'mlops', response_metadata: { scopes: granted } }),
    },
    conversations: {
      list: async ({ cursor = '0' }: { cursor?: string }) => ({
        channels: channels.slice(Number(cursor), Number(cursor) + 1),
        response_metadata: {
          next_cursor: Number(cursor) + 1 < channels.length ? String(Number(cursor) + 1) : '',
        },
      }),
    },
  } as unknown as Pick<WebClient, 'auth' | 'conversations'>;
}

const random = { id: 'C0', name: 'random', is_member: false };
const mlOps = { id: 'C1', name: 'ml-ops', is_member: true };

it('is started by the command line, outside of the tests’ own module loader', () => {
  const root = resolve(import.meta.dirname, '../..');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/mlops.mjs', 'doctor', '--unknown'],
    { cwd: root, encoding: 'utf8', timeout: 60_000 },
  );

  expect(stderr).toContain('npx mlops doctor [--stage <name>]');
  expect(status).toBe(2);
}, 60_000);

describe('what the doctor says of Slack', () => {
  it('is good with every scope and the bot in the channel, on whichever page it is', async () => {
    const checks = await checkSlack(aSlack(scopes, [random, mlOps]), '#ml-ops');

    expect(checks.map(({ state }) => state)).toEqual(['good', 'good', 'good']);
  });

  it('names scopes that are missing, with what they are for', async () => {
    const checks = await checkSlack(
      aSlack(
        scopes.filter((scope) => scope !== 'chat:write'),
        [mlOps],
      ),
      'C1',
    );

    expect(toLines(checks)).toContain('✗ The scope chat:write is missing (chat.postMessage');
  });

  it.each([
    ['#random', 'The bot is not in #random.'],
    ['#none', 'There is no channel #none that the bot can see.'],
  ])('says what is wrong with the channel %s', async (channel, text) => {
    expect(toLines(await checkSlack(aSlack(scopes, [random, mlOps]), channel))).toContain(text);
  });
});

describe('what the doctor says of this machine', () => {
  it('names a missing Python, a folder to come and a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('There is no port.');
    const root = temporaryFolder();

    const checks = await checkMachine({
      root,
      dataFolder: join(root, 'data'),
      python: join(root, 'python'),
      port: address.port,
    });

    const lines = toLines(checks);
    expect(lines).toContain('✗ There is no Python environment in .venv.');
    expect(lines).toContain('! There is no data folder');
    expect(lines).toContain(`! Port ${address.port} is in use`);
  });

  it('is content with what there is', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'data'));

    const checks = await checkMachine({
      root,
      dataFolder: join(root, 'data'),
      python: process.execPath,
      port: 0,
    });

    expect(checks.filter(({ text }) => !text.includes('GiB')).map(({ state }) => state)).toEqual([
      'good',
      'good',
      'good',
    ]);
  });
});

describe('what the doctor says of a stage', () => {
  const stage = { ...stages.production, alarmEmail: 'team@example.com' };
  const stored = (...names: readonly string[]) => ({
    parameters: async (asked: readonly string[]) =>
      new Set(asked.filter((name) => names.some((part) => name.includes(part)))),
    quotas: async () => [],
    servedModels: async () => [],
    storeSecret: () => unset('a secret to store'),
  });

  it('names placeholder ids, missing secrets and a function that does not answer', async () => {
    const checks = await checkStage({
      stage,
      config: aConfig(),
      open: async () => stored('cdk-bootstrap', 'bot-token'),
      ask: async () => 'The stage production is not deployed in us-east-1 of this AWS account.',
    });

    const lines = toLines(checks);
    expect(lines).toContain('U0GRACE');
    expect(lines).toContain('✗ The parameter /mlops-bot/production/slack/signing-secret');
    expect(lines).toContain('✗ The stage production is not deployed');
    expect(lines).not.toContain('bot-token');
  });

  it('stops at missing credentials', async () => {
    const checks = await checkStage({
      stage,
      config: aConfig(),
      open: () => Promise.reject(new Error('Could not load credentials')),
      ask: () => unset('an answer'),
    });

    expect(toLines(checks)).toContain('✗ AWS: Could not load credentials');
  });
});
