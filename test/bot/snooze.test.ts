import { describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Run } from '../../pipeline/core/run.ts';
import type { BotHarness } from './bot-harness.ts';
import { withOpenRequest } from './open-request.ts';

let bot: BotHarness;
let run: Run;

withOpenRequest((opened) => {
  ({ bot, run } = opened);
});

const HOUR = 3600;

async function reminders(): Promise<readonly string[]> {
  await bot.announcer.idle();
  return bot.slack.messages
    .filter(({ text }) => text?.startsWith('The reminder'))
    .map((message) => plainText(message as never));
}

/** The times have come, as the run itself notices. */
async function remindNow(): Promise<void> {
  bot.pipeline.record({ type: 'SnoozesEnded', runId: run.id, at: bot.clock.now().toISOString() });
  bot.announcer.onEvent(run.id);
}

describe('/mlops snooze', () => {
  it('mentions the person in the thread once their time has come', async () => {
    const told = await bot.command('U0GRACE', 'snooze spam');

    expect(told).toContain('You will be reminded of spam v7, if it is still open.');
    await remindNow();
    expect(await reminders()).toEqual([]);
    bot.clock.advance(HOUR);
    await remindNow();
    await remindNow();

    const [reminder, ...others] = await reminders();
    expect(others).toEqual([]);
    expect(reminder).toContain('@U0GRACE: you asked to be reminded.');
    expect(bot.pipeline.audit.entries).toMatchObject([
      { action: 'snooze', by: { id: 'U0GRACE' }, outcome: { kind: 'ok' } },
    ]);
  });

  it('moves the reminder when it is asked again', async () => {
    await bot.command('U0GRACE', 'snooze spam 30 minutes');
    await bot.command('U0GRACE', 'remind me of spam 2 hours');

    bot.clock.advance(HOUR);
    await remindNow();
    expect(await reminders()).toEqual([]);
    bot.clock.advance(HOUR);
    await remindNow();

    expect(await reminders()).toHaveLength(1);
  });

  it.each([
    ['who cannot decide', 'U0KIT', 'snooze spam', 'You are not an approver'],
    ['beyond the end of the request', 'U0GRACE', 'snooze spam 3d', 'expires before that'],
    ['too far ahead', 'U0GRACE', 'snooze spam 8d', 'at most 7 days ahead'],
    ['for what is no time', 'U0GRACE', 'snooze spam soon', 'is not a duration'],
  ])('reminds nobody %s', async (_, user, typed, why) => {
    expect(await bot.command(user, typed)).toContain(why);
    expect((await bot.pipeline.getRun(run.id))?.approval?.snoozes).toBeUndefined();
  });
});

describe('the menu of a card that waits for approval', () => {
  const menu = () => {
    const [root] = bot.slack.roots();
    const blocks = (root?.blocks ?? []) as { elements?: { type: string }[] }[];
    return blocks.at(-1)?.elements?.find(({ type }) => type === 'overflow') as unknown as
      | { action_id: string; options: { value: string }[] }
      | undefined;
  };

  it('reminds, snoozes and hands over', () => {
    expect(menu()?.action_id).toBe(actionIds.commandMenu);
    expect(menu()?.options.map(({ value }) => value)).toEqual([
      `remind ${run.id}`,
      `snooze ${run.id}`,
      `handover ${run.id}`,
    ]);
  });

  it('answers privately, with the rights of whoever chose', async () => {
    expect(await bot.click('U0KIT', actionIds.commandMenu, `snooze ${run.id}`)).toContain(
      'You are not an approver',
    );
    expect(await bot.click('U0GRACE', actionIds.commandMenu, `snooze ${run.id}`)).toContain(
      'You will be reminded of spam v7',
    );
    expect(bot.pipeline.audit.entries.map(({ by, outcome }) => [by.name, outcome.kind])).toEqual([
      ['Kit', 'refused'],
      ['Grace', 'ok'],
    ]);
  });

  it('opens the form for handing over', async () => {
    await bot.click('U0GRACE', actionIds.commandMenu, `handover ${run.id}`);

    expect(bot.slack.openedViews.at(-1)?.callback_id).toBe('run.hand_over');
  });

  it('goes with the buttons once the request is decided', async () => {
    await bot.command('U0GRACE', 'snooze spam');
    bot.pipeline.put({
      ...run,
      approval: run.approval && { ...run.approval, outcome: 'rejected' },
    });
    bot.announcer.onEvent(run.id, { redraw: true });
    await bot.announcer.idle();

    expect(menu()).toBeUndefined();
  });
});
