import { describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { createAlertHarness } from './alert-harness.ts';
import type { BotHarness } from './bot-harness.ts';
import { withOpenRequest } from './open-request.ts';

let bot: BotHarness;
let run: Run;

withOpenRequest((opened) => {
  ({ bot, run } = opened);
});

const GRACE = 'D0GRACE';

/** What stands in the conversation of the bot with somebody, but for the first message. */
async function direct(channel = GRACE): Promise<readonly string[]> {
  await bot.announcer.idle();
  return bot.slack.messages
    .filter((message) => message.channel === channel)
    .map((message) => plainText(message as never))
    .filter((text) => !text.startsWith('You will get requests'));
}

async function look(): Promise<void> {
  bot.announcer.onEvent(run.id, { redraw: true });
  await bot.announcer.idle();
}

const approve = () => bot.click('U0GRACE', actionIds.approve, decisionValue(run));

describe('/mlops notify', () => {
  it('says what is chosen, and offers both', async () => {
    const told = await bot.command('U0GRACE', 'notify');

    expect(told).toContain('mention you in their threads only.');
    expect(told).toContain('[Also direct messages] [The thread only]');
    expect(bot.pipeline.audit.entries).toEqual([]);
  });

  it('shows that direct messages arrive before it keeps the choice, once', async () => {
    const told = await bot.command('U0GRACE', 'notify dm');
    await bot.command('U0GRACE', 'dm me on');

    expect(told).toContain('also come as direct messages');
    const first = bot.slack.messages.filter(({ channel }) => channel === GRACE);
    expect(first).toMatchObject([{ text: expect.stringContaining('You will get requests') }]);
    expect(bot.pipeline.audit.entries[0]).toMatchObject({
      action: 'notify',
      what: 'dm',
      by: { id: 'U0GRACE' },
      outcome: { kind: 'ok' },
    });
  });

  it('keeps nothing when Slack delivers no direct message', async () => {
    bot.slack.misbehave('chat.postMessage', { kind: 'error', error: 'messages_tab_disabled' });

    expect(await bot.command('U0GRACE', 'notify dm')).toContain('(messages_tab_disabled)');
    await look();

    expect(await direct()).toEqual([]);
  });
});

describe('an open request', () => {
  it('is sent to nobody who has not asked for it', async () => {
    await look();

    expect(bot.slack.messages.filter(({ channel }) => channel.startsWith('D'))).toEqual([]);
  });

  it('is sent once, with the three lines of its card, its buttons and a link', async () => {
    await bot.command('U0GRACE', 'notify dm');
    await look();
    await look();

    const [message, ...more] = await direct();
    expect(more).toEqual([]);
    expect(message).toContain('spam v7 is waiting for your decision');
    expect(message).toContain('Macro-F1');
    expect(message).toContain('Needs one approval');
    expect(message).toContain('Open the card');
    expect(message).toContain('[Approve] [Reject…]');
  });

  it('asks for nothing any more once it is decided, whoever did and wherever', async () => {
    await bot.command('U0GRACE', 'notify dm');
    await look();
    await approve();
    await look();

    const [message, ...more] = await direct();
    expect(more).toEqual([]);
    expect(message).toContain('spam v7 was approved');
    expect(message).toContain('Approved by Grace');
    expect(message).not.toContain('[Approve]');
  });

  it('is not sent when it has been decided before the person chose direct messages', async () => {
    await approve();
    await bot.command('U0GRACE', 'notify dm');
    await look();

    expect(await direct()).toEqual([]);
  });

  it('is reminded of below it, and what was said before somebody chose is not repeated', async () => {
    bot.clock.advance(3600);
    await bot.command('U0ADA', 'remind spam');
    await bot.announcer.idle();
    await bot.command('U0GRACE', 'notify dm');
    await look();
    expect(await direct()).toHaveLength(1);

    bot.clock.advance(3600);
    await bot.command('U0ADA', 'remind spam');

    const [, reminder, ...more] = await direct();
    expect(more).toEqual([]);
    expect(reminder).toContain('@U0GRACE: spam v7 is still waiting for your decision.');
    await approve();
    expect((await direct())[1]).toContain('nothing is waiting for you any more');
  });

  it('is sent to whoever it is handed over to, unless they chose the thread only', async () => {
    const to = { kind: 'person', id: 'U0LINUS', name: 'Linus' } as const;
    const by = { kind: 'person', id: 'U0GRACE', name: 'Grace' } as const;
    bot.pipeline.put({
      ...run,
      approval: run.approval && {
        ...run.approval,
        approvers: ['U0GRACE', 'U0LINUS', 'U0KIT'],
        handedOver: [
          { by, to, at: run.updatedAt },
          { by, to: { ...to, id: 'U0KIT' }, at: run.updatedAt },
        ],
      },
    });
    await bot.command('U0KIT', 'notify thread');
    await look();

    expect(await direct('D0LINUS')).toHaveLength(1);
    expect(await direct('D0KIT')).toEqual([]);
  });

  it('is not sent again after a crash between sending and noting it', async () => {
    await bot.command('U0GRACE', 'notify dm');
    let isLost = true;
    bot.slack.setMood(({ method, fields }) => {
      if (!isLost || method !== 'chat.postMessage' || fields.channel !== GRACE) return undefined;
      isLost = false;
      return { kind: 'answer_lost' };
    });
    await look();

    expect(isLost).toBe(false);
    expect(await direct()).toHaveLength(1);
    await approve();
    expect((await direct())[0]).toContain('was approved');
  });

  it('reaches the others, and its card is right, when Slack refuses one message', async () => {
    await bot.command('U0GRACE', 'notify dm');
    bot.slack.setMood(({ method, fields }) =>
      method === 'chat.postMessage' && fields.channel === GRACE
        ? { kind: 'error', error: 'user_disabled' }
        : undefined,
    );
    await look();
    await approve();
    await look();

    expect(plainText(bot.slack.roots()[0] as never)).toContain('Approved by Grace');
    expect(bot.logged.filter((line) => line.includes('no direct message'))).toHaveLength(1);
  });
});

describe('an alert', () => {
  it('is sent to an operator who wants it, once, and changed when it is acknowledged', async () => {
    const alerts = await createAlertHarness();
    const toAda = () =>
      alerts.slack.messages
        .filter(({ channel, text }) => channel === 'D0ADA' && !text?.startsWith('You will get'))
        .map((message) => plainText(message as never));
    await alerts.command('U0ADA', 'notify dm');

    const { id } = await alerts.look(true);
    await alerts.look(true);
    expect(toAda()).toHaveLength(1);
    expect(toAda()[0]).toContain('🚨 spam v6');
    expect(toAda()[0]).toContain('Open the card');

    await alerts.pressed('U0ADA', actionIds.acknowledge, id);
    expect(toAda()[0]).toContain('👀 spam v6');
    await alerts.look(false);
    await alerts.look(false);
    expect(toAda()).toHaveLength(1);
    expect(alerts.slack.problems).toEqual([]);
    await alerts.close();
  });
});
