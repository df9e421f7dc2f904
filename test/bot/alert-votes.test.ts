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

const yes = (user: string, id: string) => bot.pressed(user, actionIds.alertRight, id);
const no = (user: string, id: string) => bot.pressed(user, actionIds.alertWrong, id);

describe('“Was this alert right?”', () => {
  it('is asked once the alert is acknowledged, and still when it is over', async () => {
    const { id } = await bot.look(true);
    expect(bot.card()).not.toContain('Was this alert right?');

    await bot.pressed('U0ADA', actionIds.acknowledge, id);
    expect(bot.card()).toContain('Was this alert right?');
    expect(bot.card()).toContain('[Yes, it was right] [No, a false alarm]');

    await bot.look(false);
    expect(bot.card()).toContain('[Yes, it was right] [No, a false alarm]');
  });

  it('shows who said what; a person can change their mind', async () => {
    const { id } = await bot.look(true);
    await bot.look(false);

    expect([await yes('U0ADA', id), await yes('U0GRACE', id), await no('U0ADA', id)]).toEqual([
      null,
      null,
      null,
    ]);

    expect(bot.card()).toContain('Was this alert right? Yes: Grace; No: Ada');
    expect(await bot.pipeline.audit.list({})).toMatchObject([
      { action: 'rate', by: { name: 'Ada' }, what: `${id} wrong`, outcome: { kind: 'ok' } },
      { action: 'rate', by: { name: 'Grace' }, what: `${id} right`, outcome: { kind: 'ok' } },
      { action: 'rate', by: { name: 'Ada' }, what: `${id} right`, outcome: { kind: 'ok' } },
    ]);
  });

  it('is refused to people without rights, and before someone takes care of the alert', async () => {
    const { id } = await bot.look(true);

    expect(await yes('U0KIT', id)).toContain('you are neither');
    expect(await yes('U0ADA', id)).toContain('Acknowledge the alert first');
    expect((await bot.pipeline.getAlert(id))?.votes).toBeUndefined();
  });

  it('notifies no one', async () => {
    const { id } = await bot.look(true);
    await bot.look(false);
    const before = bot.slack.messages.length;

    await yes('U0ADA', id);

    expect(bot.slack.messages).toHaveLength(before);
  });

  it('becomes the precision of the rule in /mlops alerts', async () => {
    expect(await bot.command('U0KIT', 'alerts')).not.toContain('How often');
    for (const rate of [yes, yes, no]) {
      const { id } = await bot.look(true);
      await bot.look(false);
      await rate('U0ADA', id);
    }

    const told = await bot.command('U0KIT', 'alerts');

    expect(told).toContain('How often an alert was right, by those who answered');
    expect(told).toContain('Macro-F1: right 2 of 3');
  });
});
