import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

describe('mute', () => {
  it('posts nothing and keeps the card up to date until it ends', async () => {
    const { id } = await bot.look(true);

    await bot.pressed('U0ADA', actionIds.muteAlert, JSON.stringify([id, 8]));
    const posted = bot.slack.messages.length;
    await bot.look(true);

    expect(bot.card()).toContain('🔕 spam v6');
    expect(bot.card()).toContain('Muted by Ada until');
    expect(bot.card()).toContain('Now 0.861');
    expect(bot.card()).toContain('[Unmute]');
    expect(bot.slack.messages).toHaveLength(posted);

    await bot.pipeline.happenTo('spam', 'metric', {
      type: 'unmuted',
      by: null,
      at: '2026-11-21T09:40:00.000Z',
    });
    await bot.announcer.idle();
    expect(bot.card()).toContain('🚨 spam v6');
    expect(bot.card()).not.toContain('Muted by');
  });

  it('shows only on the card that the alert ended', async () => {
    const { id } = await bot.look(true);
    await bot.pressed('U0ADA', actionIds.muteAlert, JSON.stringify([id, 1]));
    const before = bot.entries();

    await bot.look(false);

    expect(bot.card()).toContain('✅ spam v6 has recovered');
    expect(bot.entries()).toEqual(before);
  });

  it('ends early by its button', async () => {
    const { id } = await bot.look(true);
    await bot.pressed('U0ADA', actionIds.muteAlert, JSON.stringify([id, 1]));

    await bot.pressed('U0ADA', actionIds.unmuteAlert, id);

    expect(bot.card()).not.toContain('Muted by');
  });

  it.each(['', '[]', '["spam-metric-1", 5]', '{"a":1}'])('survives the value %j', async (value) => {
    await bot.look(true);

    expect(await bot.pressed('U0ADA', actionIds.muteAlert, value)).toContain('older version');
  });

  it('by command holds back alerts that open meanwhile, until unmute', async () => {
    const said = await bot.command('U0ADA', 'mute spam 24h reason="<!here> load *test*"');
    await bot.look(true);
    const whileMuted = bot.alerts().length;

    const unmuted = await bot.command('U0ADA', 'unmute spam');
    await bot.announcer.idle();

    expect(said).toContain('Alerts for spam are muted.');
    expect(said).toContain('<!here> load *test*');
    expect(unmuted).toContain('Alerts for spam are on.');
    expect([whileMuted, bot.alerts().length]).toEqual([0, 1]);
  });

  it('never announces an alert that ended before the mute did', async () => {
    await bot.command('U0ADA', 'mute spam 1h');
    await bot.look(true);
    await bot.look(false);

    await bot.command('U0ADA', 'unmute spam');
    await bot.announcer.catchUp();
    await bot.announcer.idle();

    expect(bot.alerts()).toEqual([]);
  });

  it.each([
    ['mute spam forever', '“forever” is not a duration.'],
    ['mute spam 31d', '30 days'],
    ['mute spam 0h', 'not a duration'],
    ['mute nosuch', 'There is no model “nosuch”.'],
    ['mute spam 1h colour=red', 'mute has no option “colour”.'],
  ])('%j is answered with what is wrong', async (text, answer) => {
    expect(await bot.command('U0ADA', text)).toContain(answer);
  });

  it('is refused to people without rights', async () => {
    expect(await bot.command('U0KIT', 'mute spam')).toContain('you are neither');
    expect(await bot.command('U0KIT', 'unmute spam')).toContain('you are neither');
  });
});
