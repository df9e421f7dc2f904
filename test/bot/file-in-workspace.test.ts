import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspaceClient } from '@mlops-bot/slack-simulator/client';
import { expect, it, onTestFinished } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { openWorkspacePage } from '../../bot/local/slack-connection.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { unset } from '../fakes/unset.ts';
import { testConfig } from './bot-harness.ts';
import { createFakePipeline } from './fake-pipeline.ts';

const [ADA, CHANNEL] = ['U0ADA', 'C0MLOPS'];

/** The workspace page with the bot behind it, as `npm start` opens them. */
async function openPage() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'page-'));
  const clock = { now: () => new Date() };
  const taken: string[] = [];
  const page = await openWorkspacePage({
    port: 0,
    dataFolder,
    controls: {
      models: () => [],
      runningJobs: async () => [],
      endpoints: async () => [],
      interrupt: () => unset('interrupt'),
      dropDataset: () => unset('dropDataset'),
    },
    bot: {
      config: testConfig,
      pipeline: createFakePipeline({ config: testConfig, clock }),
      announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
      clock,
      log: () => {},
      datasets: {
        async take({ model, fileName, body, by }) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of body) chunks.push(chunk);
          taken.push(`${model} ${fileName} ${Buffer.concat(chunks)} ${by.id}`);
          return { message: 'Started spam-1.' };
        },
      },
    },
  });
  const client = createWorkspaceClient({ url: page.url });
  onTestFinished(async () => {
    client.close();
    await page.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const direct = (await client.workspace()).directMessages[ADA] ?? '';
  return { client, taken, direct };
}

it.each(['channel', 'direct message'])(
  'a file that is dropped into a %s of the workspace page becomes a dataset',
  async (place) => {
    const { client, taken, direct } = await openPage();
    const channel = place === 'channel' ? CHANNEL : direct;

    await client.share({ user: ADA, channel, name: 'mails.csv', body: 'text,label\nhi,ham\n' });
    const question = await client.waitFor(
      async () =>
        (await client.messages(channel, { user: ADA })).find(({ text }) => text.startsWith('Use ')),
      { what: 'the question' },
    );
    expect(taken).toEqual([]);
    await client.click({ user: ADA, on: question, action_id: `${actionIds.useFile}:0` });
    await client.waitFor(
      async () =>
        (await client.messages(channel, { user: ADA })).some(({ text }) =>
          text.includes('is a dataset of spam. Started spam-1.'),
        ),
      { what: 'the answer' },
    );

    expect(taken).toEqual(['spam mails.csv text,label\nhi,ham\n U0ADA']);
  },
);
