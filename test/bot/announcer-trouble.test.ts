import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { announcingOf } from './announcing.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import type { Misbehaviour } from './fake-slack.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const { tell, rootText, keys } = announcingOf(() => bot);

describe('when Slack misbehaves', () => {
  const once: readonly [string, Misbehaviour][] = [
    ['chat.postMessage', { kind: 'rate_limited', seconds: 7 }],
    ['chat.postMessage', { kind: 'down' }],
    ['chat.postMessage', { kind: 'answer_lost' }],
    ['chat.postMessage', { kind: 'error', error: 'not_in_channel' }],
    ['chat.postMessage', { kind: 'error', error: 'token_revoked' }],
    ['chat.postMessage', { kind: 'error', error: 'internal_error' }],
    ['chat.update', { kind: 'rate_limited', seconds: 7 }],
    ['chat.update', { kind: 'down' }],
    ['chat.update', { kind: 'answer_lost' }],
    ['chat.update', { kind: 'error', error: 'is_archived' }],
    ['conversations.history', { kind: 'down' }],
  ];

  it.each(once)('%s with %j delays and changes nothing', async (method, misbehaviour) => {
    bot.slack.misbehave(method, misbehaviour);
    bot.slack.misbehave('chat.postMessage', misbehaviour);

    await tell('training', 'resumed', 'waiting for approval', 'deployed');

    expect(bot.slack.roots()).toHaveLength(1);
    expect(rootText()).toContain('✅ spam v7 is live');
    expect(new Set(keys()).size).toBe(keys().length);
    expect(keys()).toHaveLength(9);
  });

  it('waits as long as Retry-After says', async () => {
    bot.slack.misbehave('chat.postMessage', { kind: 'rate_limited', seconds: 30 });

    await tell('started');

    expect(bot.waits).toContain(30_000);
  });

  it('leaves the whole channel alone meanwhile', async () => {
    const still = await createBotHarness({ doesTimeStandStill: true });
    still.slack.misbehave('chat.postMessage', { kind: 'rate_limited', seconds: 30 });
    const other = { ...sample('training'), id: 'spam-another' };
    let turns = 0;
    let calledMeanwhile: number | null = null;
    still.onWait(() => {
      turns += 1;
      if (turns === 1) {
        still.pipeline.put(other);
        still.announcer.onEvent(other.id);
      }
      // Many turns of the loop: time enough for a call that should not be made.
      if (turns === 5_000) {
        calledMeanwhile = still.slack.calls.length - 1;
        still.clock.advance(30);
      }
    });

    still.pipeline.put(sample('started'));
    still.announcer.onEvent(sample('started').id);
    await still.announcer.idle();

    expect(calledMeanwhile).toBe(0);
    expect(still.slack.roots()).toHaveLength(2);
    await still.close();
  });

  it('logs a refusal once and loses nothing', async () => {
    const refusal: Misbehaviour = { kind: 'error', error: 'channel_not_found' };
    bot.slack.misbehave('chat.postMessage', refusal, refusal, refusal);

    await tell('training');

    expect(bot.logged.filter((line) => line.includes('channel_not_found'))).toHaveLength(1);
    expect(bot.slack.roots()).toHaveLength(1);
  });

  it('posts the card and its thread anew when somebody deleted the card', async () => {
    await tell('training');
    bot.slack.remove(bot.slack.roots()[0]?.ts ?? '');

    await tell('resumed');

    expect(bot.slack.roots()).toHaveLength(1);
    expect(keys()).toEqual(['dataset', 'interruption:1']);
  });

  it('edits the card of a version that was replaced, and posts none of one long over', async () => {
    await tell('deployed', 'replaced');
    expect(bot.slack.roots()).toHaveLength(1);
    expect(rootText()).toContain('v7 was live until v8 replaced it');

    bot.slack.remove(bot.slack.roots()[0]?.ts ?? '');
    bot.clock.advance(2 * 24 * 3600);
    bot.announcer.onEvent(sample('replaced').id, { redraw: true });
    await bot.announcer.idle();

    expect(bot.slack.roots()).toEqual([]);
  });

  it('does not post a deleted entry again', async () => {
    await tell('interrupted');
    bot.slack.remove(bot.slack.threadOf(bot.slack.roots()[0]?.ts ?? '')[1]?.ts ?? '');

    await tell('resumed');

    expect(keys()).toEqual(['dataset']);
  });

  it('says at least the headline when blocks cannot be shown', async () => {
    bot.slack.misbehave('chat.postMessage', { kind: 'error', error: 'invalid_blocks' });

    await bot.announcer.announce(putSample('started').id);

    // The fake counts a message without blocks as a problem; here it is what is wanted.
    expect(bot.slack.problems.splice(0)).toEqual([expect.stringContaining('no blocks')]);
    expect(bot.slack.roots()[0]?.text).toContain('spam: retrain starting');
  });
});

function putSample(name: string) {
  const run = sample(name);
  bot.pipeline.put(run);
  return run;
}

describe('a process that dies', () => {
  it.each([0, 1, 2, 3])('after post %i leaves no double message', async (survived) => {
    const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
    const first = await createBotHarness({ announcements });
    for (let post = 0; post < survived; post += 1) {
      first.slack.misbehave('chat.postMessage', { kind: 'error', error: 'internal_error' });
    }
    first.slack.misbehave('chat.postMessage', { kind: 'answer_lost' });
    const run = sample('resumed');
    first.pipeline.put(run);
    // `announce` is one pass: what it leaves undone is what a crash leaves undone.
    for (let pass = 0; pass <= survived; pass += 1)
      await first.announcer.announce(run.id).catch(() => {});
    const second = await createBotHarness({ announcements, beside: first });

    second.announcer.onEvent(run.id);
    await second.announcer.idle();

    const [root] = first.slack.roots();
    expect(first.slack.roots()).toHaveLength(1);
    expect(
      first.slack.threadOf(root?.ts ?? '').map((each) => each.metadata?.event_payload.key),
    ).toEqual(['dataset', 'interruption:1']);
    await first.close();
  });

  it('is caught up with by the next one', async () => {
    putSample('training');
    bot.pipeline.put({ ...sample('promoted'), id: 'spam-another' });

    await bot.announcer.catchUp();
    await bot.announcer.idle();

    expect(bot.slack.roots().map(({ text }) => text)).toEqual([
      '⏳ spam: training, 42 %',
      '✅ spam v6 is live',
    ]);
  });

  it('does not bring up history', async () => {
    putSample('deployed');
    bot.clock.advance(3 * 24 * 3600);

    await bot.announcer.catchUp();
    await bot.announcer.idle();

    expect(bot.slack.messages).toEqual([]);
  });
});

describe('two processes at once', () => {
  it('post one card and each entry once, and end with the same card', async () => {
    const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
    const one = await createBotHarness({ announcements, doesTimeStandStill: true });
    const other = await createBotHarness({ announcements, beside: one, doesTimeStandStill: true });
    for (const name of ['started', 'resumed', 'waiting for approval', 'deployed']) {
      const run = sample(name);
      one.pipeline.put(run);
      one.announcer.onEvent(run.id);
      other.announcer.onEvent(run.id);
    }

    await Promise.all([one.announcer.idle(), other.announcer.idle()]);

    const [root] = one.slack.roots();
    const thread = one.slack
      .threadOf(root?.ts ?? '')
      .map((each) => each.metadata?.event_payload.key);
    expect(one.slack.roots()).toHaveLength(1);
    expect(new Set(thread).size).toBe(thread.length);
    expect(plainText(root as never)).toContain('✅ spam v7 is live');
    await one.close();
  });
});
