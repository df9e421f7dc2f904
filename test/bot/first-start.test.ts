import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import { sayHello } from '../../bot/local/say-hello.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { createBotHarness, testConfig } from './bot-harness.ts';
import { createFakeSlack } from './fake-slack.ts';
import { createFakeSocketMode } from './fake-socket-mode.ts';
import { sample } from './sample.ts';

const root = resolve(import.meta.dirname, '../..');

/** A Slack that a first start finds, and the app on an empty data folder in a process of its own. */
async function firstStart() {
  const socket = await createFakeSocketMode();
  const slack = await createFakeSlack({
    'apps.connections.open': () => ({ ok: true, url: socket.nextUrl() }),
    'auth.test': () => ({ ok: true, url: 'https://acme.slack.com/', user_id: 'U0MLOPS' }),
  });
  const data = join(temporaryFolder(), 'data');
  const environment = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_API_URL: slack.apiUrl,
  };
  const script = `import { main } from './bot/local/main.ts';
    await main(${JSON.stringify(root)}, ['--data', ${JSON.stringify(data)}, '--no-open'],
      { ...process.env, ...${JSON.stringify(environment)} });`;
  const app = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  onTestFinished(async () => {
    const ended = new Promise((done) => app.once('exit', done));
    app.kill('SIGTERM');
    await ended;
    await slack.close();
    await socket.close();
  });
  return { slack, data, output: () => output };
}

describe('a first start with real tokens', () => {
  it('posts one hello with what is missing, and starts no run', { timeout: 90_000 }, async () => {
    const { slack, data, output } = await firstStart();

    await vi.waitFor(() => expect(output()).toContain('mlops-bot is running in Slack'), 80_000);
    await vi.waitFor(() => expect(slack.messages).toHaveLength(1), 10_000);

    const [hello] = slack.messages;
    const said = plainText(hello as never);
    expect(said).toContain('mlops-bot is here.');
    expect(said).toContain('Nothing has been trained yet.');
    expect(said).not.toMatch(/localhost|127\.0\.0\.1/);
    expect(readdirSync(join(data, 'inbox', 'spam'))).toEqual([]);
    expect(existsSync(join(data, 'samples'))).toBe(true);
  });
});

describe('the hello', () => {
  const identity = {
    url: 'https://acme.slack.com/',
    botUserId: 'U0MLOPS',
    missing: ['U0NOONE in mlops.config.ts is not a member of this workspace.'],
  };

  it('is said once, and not where runs exist', async () => {
    const bot = await createBotHarness();
    onTestFinished(() => bot.close());
    const hello = () => sayHello(bot.announcer, bot.pipeline, { config: testConfig, identity });

    await hello();
    await hello();
    await bot.announcer.idle();

    expect(bot.slack.messages.map((each) => plainText(each as never))).toEqual([
      expect.stringMatching(/2 models: spam, tumour[\s\S]*Missing:[\s\S]*U0NOONE/),
    ]);
  });

  it('is not said after an upgrade', async () => {
    const bot = await createBotHarness();
    onTestFinished(() => bot.close());
    bot.pipeline.put(sample('deployed'));

    await sayHello(bot.announcer, bot.pipeline, { config: testConfig, identity });
    await bot.announcer.idle();

    expect(bot.slack.messages).toEqual([]);
  });
});

describe('a workspace that is read on other machines', () => {
  it('is never shown an address of this one', () => {
    const facts = { title: 'Spam filter', metric: 'macro_f1', isRemote: true } as const;
    for (const run of Object.values(sampleRuns())) {
      const all = [card(run, facts), runDetails(run, facts), ...thread(run, facts)];
      expect(JSON.stringify(all)).not.toMatch(/localhost|127\.0\.0\.1/);
    }
    const live = sample('deployed');
    expect(thread(live, facts).map(plainText).join('\n')).toContain('/mlops predict spam asks it.');
  });
});
