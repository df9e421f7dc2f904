import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { DatasetInbox } from '../../bot/interaction/bot.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';

interface Shared {
  name: string;
  size: number;
  url: string;
}

let bot: BotHarness;
let file: Shared;
let taken: {
  model: string;
  fileName: string;
  content: string;
  by: string;
  newFile?: 'append' | 'replace';
}[];

const datasets: DatasetInbox = {
  async take({ model, fileName, body, by, ...choice }) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const content = Buffer.concat(chunks).toString();
    taken.push({ model, fileName, content, by: by.name, ...choice });
    return { message: 'Started spam-1.' };
  },
};

beforeEach(async () => {
  taken = [];
  bot = await createBotHarness({
    datasets,
    slackMethods: {
      'files.info': () => ({
        ok: true,
        file: { id: 'F1', name: file.name, size: file.size, url_private_download: file.url },
      }),
    },
  });
  const url = bot.slack.addFile('mails.csv', 'text,label\nhello,ham\n');
  file = { name: 'mails.csv', size: 22, url };
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const share = (user: string, channel = 'C0MLOPS', id = 'F1') =>
  bot.event({
    type: 'file_shared',
    file_id: id,
    user_id: user,
    channel_id: channel,
    event_ts: '1',
  });

const use = (user: string) =>
  bot.click(user, `${actionIds.useFile}:0`, JSON.stringify(['F1', 'spam', file.name]), {
    isPrivate: true,
  });

describe('a data file that is shared in the channel', () => {
  it('is asked about in private, once, and starts nothing by itself', async () => {
    await share('U0ADA');
    await share('U0ADA');

    expect(bot.slack.messages).toEqual([]);
    expect(bot.slack.privateAnswers).toMatchObject([
      { user: 'U0ADA', text: 'Use mails.csv as a dataset?' },
    ]);
    expect(taken).toEqual([]);
  });

  it('becomes a dataset of the model that is chosen, with its origin in the audit', async () => {
    const said = await use('U0ADA');

    expect(said).toContain('mails.csv is a dataset of spam. Started spam-1.');
    expect(taken).toEqual([
      { model: 'spam', fileName: 'mails.csv', content: 'text,label\nhello,ham\n', by: 'Ada' },
    ]);
    expect(await bot.pipeline.audit.list({ model: 'spam' })).toMatchObject([
      { action: 'dataset', by: { id: 'U0ADA' }, what: 'spam mails.csv (file F1)' },
    ]);
  });

  it('is trained on alone or appended, by the button that is pressed', async () => {
    await share('U0ADA');
    const asked = JSON.stringify(bot.slack.privateAnswers);
    const press = (choice: string) =>
      bot.click(
        'U0ADA',
        `${actionIds.useFile}:${choice === 'append' ? 20 : 0}`,
        JSON.stringify(['F1', 'spam', file.name, choice]),
        { isPrivate: true },
      );

    expect(asked).toContain('Train on this file alone:');
    expect(asked).toContain('Append it to the data in production, and train on both:');
    expect(await press('append')).toContain('mails.csv is appended to the data of spam.');
    expect(await press('replace')).toContain('mails.csv is a dataset of spam.');
    expect(taken.map(({ newFile }) => newFile)).toEqual(['append', 'replace']);
    expect(await bot.pipeline.audit.list({ model: 'spam' })).toMatchObject([
      { what: 'spam mails.csv (file F1)' },
      { what: 'spam mails.csv (file F1, appended)' },
    ]);
  });

  it('is nothing to people who may not start runs', async () => {
    await share('U0KIT');
    const said = await use('U0KIT');

    expect(bot.slack.privateAnswers).toHaveLength(1);
    expect(said).toContain('Only operators can start a run');
    expect(taken).toEqual([]);
  });

  it.each([
    ['too large', { size: 200_000_000 }, 'are more than the'],
    ['of another kind', { name: 'mails.xlsx' }, 'must be a .csv, .jsonl or .ndjson file'],
    ['empty', { size: 0 }, 'The file is empty.'],
  ])('is refused with the reason when it is %s', async (_what, change, reason) => {
    file = { ...file, ...change };

    await share('U0ADA');

    expect(JSON.stringify(bot.slack.privateAnswers)).toContain(reason);
    expect(await use('U0ADA')).toContain(reason);
    expect(taken).toEqual([]);
  });

  it('is not fetched from an address that is not Slack’s: the token stays here', async () => {
    file = { ...file, url: 'https://files.example.com/mails.csv' };

    expect(await use('U0ADA')).toContain('its address is not Slack’s');
    expect(taken).toEqual([]);
  });
});

it('says nothing about a picture', async () => {
  file = { ...file, name: 'chart.png' };

  await share('U0ADA');

  expect(bot.slack.privateAnswers).toEqual([]);
});

it('asks in a direct message by a message', async () => {
  await share('U0ADA', 'D0ADA');

  expect(bot.slack.messages).toMatchObject([{ text: 'Use mails.csv as a dataset?' }]);
});
