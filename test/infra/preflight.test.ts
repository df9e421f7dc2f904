import { describe, expect, it } from 'vitest';
import { loadManifest } from '../../bot/slack/manifest.ts';
import type { Account, Quota } from '../../infra/cli/account.ts';
import { CliError } from '../../infra/cli/cli-error.ts';
import { preflight } from '../../infra/cli/preflight.ts';
import { newAppLink, storeSecrets } from '../../infra/cli/slack-setup.ts';
import { stages } from '../../infra/config/stages.ts';
import { defineConfig } from '../../pipeline/core/config.ts';

const config = (operator = 'U01ABCDEF', formerModels: string[] = []) =>
  defineConfig({
    formerModels,
    channel: '#ml-ops',
    operators: [operator],
    models: {
      spam: {
        title: 'Spam',
        task: 'text-classification',
        recipe: 'distilbert',
        columns: { text: 'text', label: 'label' },
        training: { instanceType: 'ml.g4dn.xlarge' },
        gate: { minimum: 0.8 },
        approval: { mode: 'people', approvers: ['U02ABCDEF'] },
      },
    },
  });
const stage = { ...stages.production, alarmEmail: 'team@example.com' };

/** Every quota that the model of these tests needs, as Service Quotas names it. */
const enough: readonly Quota[] = [
  'ml.g4dn.xlarge for spot training job usage',
  'ml.g4dn.xlarge for training job usage',
  'ml.m5.large for spot training job usage',
  'ml.m5.large for training job usage',
  'Maximum number of serverless endpoints',
  'Maximum total concurrency that can be allocated across all serverless endpoints',
].map((name, at) => ({ name, code: `L-${at}`, value: 10 }));

function anAccount({
  parameters = ['/cdk-bootstrap/hnb659fds/version'],
  quotas = enough,
  served = [],
}: {
  parameters?: readonly string[];
  quotas?: readonly Quota[];
  served?: readonly string[];
} = {}): Account & { readonly stored: Map<string, string> } {
  const stored = new Map<string, string>(parameters.map((name) => [name, 'there']));
  return {
    stored,
    parameters: async (names) => new Set(names.filter((name) => stored.has(name))),
    quotas: async () => quotas,
    servedModels: async (name) => (name === 'production' ? served : []),
    storeSecret: async (name, value) => void stored.set(name, value),
  };
}

async function check(
  account: Account | Error,
  over: object = {},
  operator?: string,
  formerModels?: string[],
) {
  const said: string[] = [];
  const open = async () => {
    if (account instanceof Error) throw account;
    return account;
  };
  const ended = await preflight({
    stage: { ...stage, ...over },
    config: config(operator, formerModels),
    open,
    say: (line) => said.push(line),
  }).catch((error: unknown) => error);
  return { said: said.join('\n'), error: ended instanceof CliError ? ended : null };
}

describe('what is checked before a deployment', () => {
  it('says nothing when all is well', async () => {
    expect(await check(anAccount())).toEqual({ said: '', error: null });
  });

  it('stops at ids of the local workspace, before it asks AWS', async () => {
    const { error } = await check(new Error('never asked'), {}, 'U0ADA');

    expect(error?.message).toContain('U0ADA');
    expect(error?.hint).toContain('Copy member ID');
  });

  it('stops without credentials, and does not blame the bootstrap', async () => {
    const { error } = await check(new Error('Could not load credentials from any providers'));

    expect(error?.message).toContain('Could not load credentials');
    expect(error?.hint).toContain('aws sso login');
    expect(error?.hint).not.toContain('bootstrap');
  });

  it('goes on where the credentials may deploy and not look', async () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const { said, error } = await check({
      ...anAccount(),
      parameters: () => Promise.reject(denied),
    });

    expect(error).toBeNull();
    expect(said).toContain('the account was not checked');
  });

  it('stops where the CDK is not set up, with the command', async () => {
    const { error } = await check(anAccount({ parameters: [] }));

    expect(error?.hint).toContain('npx cdk bootstrap aws://<account>/us-east-1');
  });

  it('stops while a model that was removed still serves, unless formerModels names it', async () => {
    const { error } = await check(anAccount({ served: ['spam', 'old'] }));
    const former = await check(anAccount({ served: ['spam', 'old'] }), {}, undefined, ['old']);

    expect(error?.message).toContain('old still serves');
    expect(error?.hint).toContain('/mlops retire old');
    expect(former.error).toBeNull();
  });

  it('says which quotas to ask for, and goes on', async () => {
    const quotas = [
      { name: 'ml.g4dn.xlarge for spot training job usage', code: 'L-1', value: 0 },
      { name: 'ml.g4dn.xlarge for training job usage', code: 'L-2', value: 4 },
      { name: 'ml.m5.large for spot training job usage', code: 'L-3', value: 0 },
      { name: 'ml.p4d.24xlarge for training job usage', code: 'L-4', value: 0 },
    ];

    const { said, error } = await check(anAccount({ quotas }));

    expect(error).toBeNull();
    expect(said.match(/--quota-code L-\d/g)).toEqual(['--quota-code L-1', '--quota-code L-3']);
  });

  it('says which quotas AWS does not list, so that none is passed over', async () => {
    const { said, error } = await check(anAccount({ quotas: enough.slice(0, 5) }));

    expect(error).toBeNull();
    expect(said).toContain('allocated across all serverless endpoints (5)');
    expect(said).not.toContain('ml.m5.large');
  });

  it('warns of a Region without durable functions and of alarms that reach nobody', async () => {
    const { said, error } = await check(anAccount(), { region: 'eu-north-1', alarmEmail: null });

    expect(error).toBeNull();
    expect(said).toContain('not confirmed in eu-north-1');
    expect(said).toContain('Set alarmEmail');
  });
});

describe('the Slack app of a deployment', () => {
  it('is linked to with its manifest and address filled in', () => {
    const link = new URL(newAppLink('https://abc.example/slack/events'));

    expect(link.origin + link.pathname).toBe('https://api.slack.com/apps');
    expect(link.searchParams.get('new_app')).toBe('1');
    expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(
      loadManifest('https://abc.example/slack/events'),
    );
  });

  it('has its missing secrets asked for and stored', async () => {
    const signing = '/mlops-bot/production/slack/signing-secret';
    const token = '/mlops-bot/production/slack/bot-token';
    const account = anAccount({ parameters: [signing] });
    const asked: string[] = [];
    const said: string[] = [];
    const answers = [' xoxb-1 ', ''];
    const store = () =>
      storeSecrets({
        account,
        stage: 'production',
        ask: async (question) => {
          asked.push(question);
          return answers.shift() ?? '';
        },
        say: (line) => said.push(line),
      });

    await store();
    account.stored.delete(signing);
    await store();

    expect(asked).toHaveLength(2);
    expect(account.stored.get(token)).toBe('xoxb-1');
    expect(account.stored.has(signing)).toBe(false);
    expect(said.join()).not.toContain('xoxb-1');
  });
});
