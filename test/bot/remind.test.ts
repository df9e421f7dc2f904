import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Run } from '../../pipeline/core/run.ts';
import type { BotHarness } from './bot-harness.ts';
import { withOpenRequest } from './open-request.ts';
import { sample } from './sample.ts';

let bot: BotHarness;
let run: Run;

withOpenRequest((opened) => {
  ({ bot, run } = opened);
});

const HOUR = 3600;

async function reminders(): Promise<readonly string[]> {
  await bot.announcer.idle();
  return bot.slack.messages
    .filter(({ text }) => text?.startsWith('Reminder'))
    .map((message) => plainText(message as never));
}

describe('/mlops remind', () => {
  it('mentions the approvers in the thread of the card, and says who asked', async () => {
    bot.clock.advance(HOUR);

    const told = await bot.command('U0ADA', 'remind spam');

    expect(told).toContain('The approvers of spam v7 are reminded in the thread of its card.');
    const [reminder, ...others] = await reminders();
    expect(others).toEqual([]);
    expect(reminder).toContain('@U0GRACE: spam v7 is still waiting for approval');
    expect(reminder).toContain('Ada asked for this reminder.');
    expect(bot.pipeline.audit.entries).toMatchObject([{ action: 'remind', what: 'spam' }]);
  });

  it('does so at most once an hour, the request and other people’s reminders included', async () => {
    const tooSoon = 'The approvers of spam v7 have been asked within the last hour.';
    expect(await bot.command('U0ADA', 'remind spam')).toContain(tooSoon);
    bot.clock.advance(HOUR);
    await bot.command('U0ADA', 'remind spam');
    bot.clock.advance(60);

    expect(await bot.command('U0GRACE', 'remind spam')).toContain(tooSoon);
    expect(await reminders()).toHaveLength(1);

    bot.clock.advance(HOUR);
    await bot.command('U0GRACE', 'remind spam');
    expect(await reminders()).toHaveLength(2);
  });

  it('is for operators, approvers and the person who requested the run', async () => {
    bot.clock.advance(HOUR);

    expect(await bot.command('U0KIT', 'remind spam')).toContain('you are neither');

    const requestedBy = { kind: 'person' as const, id: 'U0KIT', name: 'Kit' };
    bot.pipeline.put({ ...run, requestedBy });
    expect(await bot.command('U0KIT', 'remind spam')).toContain('are reminded');
  });

  it('reminds no one of a request that has ended', async () => {
    bot.pipeline.put(sample('rejected'));

    expect(await bot.command('U0ADA', `remind ${run.id}`)).toContain('nothing to remind of');
    expect(await reminders()).toEqual([]);
  });
});
