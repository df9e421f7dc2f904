import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;
let events = 0;

beforeEach(async () => {
  bot = await createBotHarness({
    datasets: { take: () => Promise.reject(new Error('Nothing was chosen.')) },
    slackMethods: {
      'files.info': () => ({
        ok: true,
        file: { id: 'F1', name: 'chart.png', size: 10, url_private_download: 'https://x' },
      }),
    },
  });
  bot.pipeline.setProduction(6);
  bot.pipeline.put(sample('waiting for approval'));
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

/** A message in the conversation of Ada and the bot. */
const message = (fields: object, eventId = `Ev${++events}`) =>
  bot.event(
    {
      type: 'message',
      channel_type: 'im',
      channel: 'D0ADA',
      user: 'U0ADA',
      ts: '1790000001.000001',
      event_ts: '1790000001.000001',
      ...fields,
    },
    eventId,
  );

const answers = () =>
  bot.slack.messages.map((posted) => ({
    channel: posted.channel,
    text: plainText(posted as never),
  }));

describe('a direct message', () => {
  it.each(['what is live?', 'status', '<@U0MLOPS> what is live?'])(
    '“%s” is answered there, as the command would be',
    async (text) => {
      await message({ text });

      expect(answers()).toMatchObject([{ channel: 'D0ADA' }]);
      expect(answers()[0]?.text).toContain('v6 in production for 1 day');
    },
  );

  it('has the rights of the person, and is audited once however often it is delivered', async () => {
    await message({ text: 'please retrain spam' }, 'EvSame');
    await message({ text: 'please retrain spam' }, 'EvSame');
    await message({ text: 'retrain spam', user: 'U0KIT', channel: 'D0KIT' });

    expect(bot.pipeline.started).toMatchObject([{ kind: 'retrain', requestedBy: { name: 'Ada' } }]);
    expect(answers().at(-1)?.text).toContain('Only operators can retrain');
    expect(bot.pipeline.audit.entries.map(({ action, outcome }) => [action, outcome.kind])).toEqual(
      [
        ['retrain', 'ok'],
        ['retrain', 'refused'],
      ],
    );
  });

  it.each([
    ['of the bot itself', { text: 'status', bot_id: 'B0MLOPS' }],
    ['that was edited', { subtype: 'message_changed', text: 'status' }],
    ['that was deleted', { subtype: 'message_deleted' }],
    ['that carries a file', { subtype: 'file_share', text: 'status' }],
    ['in a channel', { channel_type: 'channel', channel: 'C0MLOPS', text: 'status' }],
  ])('%s is not answered', async (_, fields) => {
    await message(fields);

    expect(answers()).toEqual([]);
  });
});

describe('a file in a direct message', () => {
  const share = (user: string) =>
    bot.event(
      { type: 'file_shared', file_id: 'F1', user_id: user, channel_id: 'D0ADA', event_ts: '1' },
      `Ev${++events}`,
    );

  it('that is no dataset is answered with what is', async () => {
    await share('U0ADA');

    expect(answers()[0]?.text).toContain('Share a .csv, .jsonl or .ndjson file');
  });

  it('of somebody who may not start runs is refused', async () => {
    await share('U0KIT');

    expect(answers()[0]?.text).toContain('Only operators can start a run');
  });
});
