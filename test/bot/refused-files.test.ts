import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { announceRefusedFile } from '../../bot/adapters/local/announce-refused-file.ts';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createInbox } from '../../pipeline/local/inbox.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';

/** One process: the inbox and the bot, over what earlier ones left in the folder. */
async function start(folder: string, beside?: BotHarness) {
  const database = openDatabase(join(folder, 'state.sqlite'));
  const announcements = createSqliteAnnouncementStore({ database });
  const bot = await createBotHarness({ announcements, ...(beside ? { beside } : {}) });
  let answer: (told: { isTold: Promise<boolean> }) => void = () => {};
  /** Its `isTold` is of the first file that is refused. */
  const refused = new Promise<{ isTold: Promise<boolean> }>((resolve) => {
    answer = resolve;
  });
  const inbox = createInbox({
    database,
    folder: join(folder, 'inbox'),
    artifacts: createFolderArtifactStore({ root: join(folder, 'artifacts') }),
    models: ['spam'],
    stableMilliseconds: 60,
    onDataset: () => {},
    onRefused: (file) => {
      const isTold = announceRefusedFile(bot.announcer, file);
      answer({ isTold });
      return isTold;
    },
    log: ({ message, error }) => {
      throw new Error(message, { cause: error });
    },
  });
  await inbox.start();
  return {
    bot,
    refused,
    async stop() {
      await inbox.close();
      await bot.announcer.close();
    },
  };
}

it('a refused file is announced once, though Slack is down until after a restart', async () => {
  const folder = temporaryFolder();
  const drop = (name: string) => writeFileSync(join(folder, 'inbox/spam', name), 'no dataset');
  mkdirSync(join(folder, 'inbox/spam'), { recursive: true });
  drop('notes.txt');
  const { bot, ...first } = await start(folder);
  onTestFinished(() => bot.close());
  bot.slack.setMood(() => ({ kind: 'down' }));
  const whileDown = await first.refused;
  await first.stop();
  bot.slack.setMood(null);

  const second = await start(folder, bot);
  const afterwards = await second.refused;
  expect([await whileDown.isTold, await afterwards.isTold]).toEqual([false, true]);
  await second.stop();
  const third = await start(folder, bot);
  drop('more.txt');
  await (await third.refused).isTold;
  await third.stop();

  expect(bot.slack.roots().map(({ text }) => text)).toEqual([
    'notes.txt was ignored: A dataset must be a .csv, .jsonl or .ndjson file.',
    'more.txt was ignored: A dataset must be a .csv, .jsonl or .ndjson file.',
  ]);
});
