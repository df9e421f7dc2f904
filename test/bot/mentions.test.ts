import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

let events = 0;

/** Mentions the bot; what it answers: to everyone in the thread, or to the asker only. */
async function mention(text: string, threadTs?: string, user = 'U0ADA'): Promise<string> {
  const [posted, told] = [bot.slack.messages.length, bot.slack.privateAnswers.length];
  await bot.event(
    {
      type: 'app_mention',
      user,
      text,
      channel: 'C0MLOPS',
      ts: '1790000001.000001',
      event_ts: '1790000001.000001',
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    },
    `Ev${++events}`,
  );
  const answer = bot.slack.messages[posted] ?? bot.slack.privateAnswers[told];
  return answer === undefined ? '' : plainText(answer as never);
}

/** Puts a run there and announces it; the stamp of its card. */
async function cardOf(state: string): Promise<string> {
  const run = sample(state);
  bot.pipeline.put(run);
  bot.announcer.onEvent(run.id);
  await bot.announcer.idle();
  return bot.slack.roots()[0]?.ts ?? '';
}

describe('a mention', () => {
  it.each([
    '<@U0MLOPS>: status',
    '<@U0MLOPS> status',
    'hey <@U0MLOPS> status',
    '<@U0MLOPS>, please show me the status',
    '<@U0MLOPS> what is live?',
    'what is live <@U0MLOPS>?',
  ])('“%s” is answered with the status', async (text) => {
    bot.pipeline.setProduction(6);

    expect(await mention(text)).toContain('v6 in production for 1 day');
  });

  it('that says nothing is answered in two lines, with help behind a button', async () => {
    const answer = await mention('<@U0MLOPS>');

    expect(answer.split('\n')).toEqual([
      'Ask me what is live, or give me a command: “status”, “retrain spam”, “help”.',
      '[Status] [Help]',
    ]);
  });

  it('starts a run in the name of the person, not of their id', async () => {
    await mention('<@U0MLOPS> please retrain the spam filter');

    expect(bot.pipeline.started).toMatchObject([
      { kind: 'retrain', model: 'spam', requestedBy: { id: 'U0ADA', name: 'Ada' } },
    ]);
  });
});

describe('a question', () => {
  it.each([
    ['blocked', 'why was spam blocked?', 'Gate: '],
    ['blocked', 'why was it blocked?', 'spam: blocked by the gate'],
    ['training failed', 'why did spam fail?', 'spam: training failed'],
    ['rejected', 'why was v7 rejected?', 'Rejected by Grace'],
    ['waiting for approval', 'why is spam not live?', 'Needs one approval'],
    ['deployed', 'who approved v7?', 'Approved by Grace'],
    ['deployed', 'who started the spam run?', 'New dataset in the inbox'],
    ['deployed', 'when was v7 deployed?', 'Live since 2026-11-20'],
    ['deployed', 'who rejected v7?', 'No one did'],
    ['deployed', 'who can approve spam?', 'approved by Grace'],
    ['waiting for approval', 'is anything waiting?', 'spam v7 is waiting for approval'],
  ])('about a run that is “%s”: %s', async (state, question, expected) => {
    bot.pipeline.put(sample(state));

    const answer = await mention(`<@U0MLOPS> ${question}`);

    expect(answer).toContain(expected);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('links the card of the run it is answered from', async () => {
    await cardOf('blocked');

    expect(await mention('<@U0MLOPS> why was it blocked?')).toContain(
      'open the card (https://acme.slack.com/archives/C0MLOPS/p',
    );
  });

  it('about something that never happened says so', async () => {
    bot.pipeline.put(sample('deployed'));

    expect(await mention('<@U0MLOPS> why was spam rejected?')).toContain('That did not happen.');
  });
});

describe('in the thread of a run', () => {
  it.each([
    ['diff', 'spam v6 → v7'],
    ['versions', 'Versions of spam'],
    ['who approved it?', 'No one did'],
    ['why?', 'Needs one approval'],
    ['', '✋ spam v7 is waiting for approval'],
  ])('“%s” is about it', async (text, expected) => {
    const root = await cardOf('waiting for approval');
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
    bot.pipeline.setProduction(6);

    expect(await mention(`<@U0MLOPS> ${text}`, root)).toContain(expected);
  });

  it('rollback and promote need no model', async () => {
    const root = await cardOf('waiting for approval');
    bot.pipeline.setVersions([aVersion(7), aVersion(6), aVersion(5)]);
    bot.pipeline.setProduction(6);

    expect(await mention('<@U0MLOPS> rollback', root)).toContain('v6');
    await mention('<@U0MLOPS> promote', root);
    expect(bot.pipeline.started).toMatchObject([{ kind: 'promote', model: 'spam', version: 7 }]);
  });

  it('another model can still be named', async () => {
    const root = await cardOf('waiting for approval');

    expect(await mention('<@U0MLOPS> versions tumour', root)).toContain(
      'tumour has no registered version',
    );
  });
});

describe('in the thread of an alert', () => {
  it.each([
    ['status', 'Spam filter (spam)'],
    ['', 'Spam filter (spam)'],
    ['why?', 'scores lower than when it was deployed'],
    ['mute 2 hours', 'Alerts for spam are muted.'],
  ])('“%s” is about its model', async (text, expected) => {
    await bot.look(true);
    const root = bot.slack.roots()[0]?.ts ?? '';

    expect(await mention(`<@U0MLOPS> ${text}`, root)).toContain(expected);
  });
});
