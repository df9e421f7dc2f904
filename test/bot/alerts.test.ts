import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';
import { aVersion } from './fake-pipeline.ts';

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

describe('an alert in Slack', () => {
  it('is one thread that says what regressed, by how much and since when, with a chart', async () => {
    await bot.look(true);

    expect(bot.card()).toContain('🚨 spam v6 scores lower than when it was deployed');
    expect(bot.card()).toContain(
      'Macro-F1 0.861, −7.7 points against v6 at its deployment (0.938)',
    );
    expect(bot.card()).toContain('expected at least 0.908');
    expect(bot.card()).toContain('on 912 new held-out rows from run spam-aaaaaaaa');
    expect(bot.card()).toContain('[Acknowledge]');
    expect(bot.card()).toContain('[Roll back to v5]');
    expect(bot.entries()).toEqual(['opened', 'chart']);
  });

  it('continues in the same thread without notifying', async () => {
    await bot.look(true);
    await bot.look(true);
    await bot.look(true);

    expect(bot.alerts()).toHaveLength(1);
    expect(bot.card()).toContain('Now 0.861');
    expect(bot.entries()).toEqual(['opened', 'chart']);
    expect(bot.slack.messages.every(({ isBroadcast }) => !isBroadcast)).toBe(true);
  });

  it('mentions the operators in one posted message', async () => {
    await bot.look(true);
    await bot.look(true);

    const mentioning = bot.slack.messages.filter(({ blocks }) =>
      JSON.stringify(blocks).includes('"user_id":"U0ADA"'),
    );
    expect(mentioning.map(({ metadata, edits }) => [metadata?.event_payload.key, edits])).toEqual([
      ['opened', 0],
    ]);
  });

  it('edits its root when it ends, and opens a new thread the next time', async () => {
    await bot.look(true);
    await bot.look(false);

    expect(bot.card()).toContain('✅ spam v6 has recovered: its score is back');
    expect(bot.card()).not.toMatch(/\[(Acknowledge|Roll back)/);
    expect(bot.entries()).toEqual(['opened', 'chart', 'ended']);

    await bot.look(true);
    expect(bot.alerts()).toHaveLength(2);
  });

  it('is announced after a restart that lost its event', async () => {
    bot.pipeline.onAlertChange(() => {});
    await bot.look(true);

    await bot.announcer.catchUp();
    await bot.announcer.catchUp();
    await bot.announcer.idle();

    expect(bot.alerts()).toHaveLength(1);
  });

  it('posts one root however badly Slack fails', async () => {
    bot.slack.misbehave('chat.postMessage', { kind: 'answer_lost' }, { kind: 'down' });
    bot.slack.misbehave('chat.update', { kind: 'rate_limited', seconds: 3 });

    await bot.look(true);
    await bot.look(true);

    expect(bot.alerts()).toHaveLength(1);
    expect(bot.entries()).toEqual(['opened', 'chart']);
  });
});

describe('acknowledge', () => {
  it('shows who acknowledged it, once', async () => {
    const { id } = await bot.look(true);

    const [first, second] = [
      await bot.pressed('U0ADA', actionIds.acknowledge, id),
      await bot.pressed('U0GRACE', actionIds.acknowledge, id),
    ];

    expect(first).toBeNull();
    expect(second).toContain('Already acknowledged by Ada.');
    expect(bot.card()).toContain('👀 spam v6');
    expect(bot.card()).toContain('Acknowledged by Ada');
    expect(bot.card()).not.toContain('[Acknowledge]');
    expect(bot.entries()).toContain('acknowledged');
  });

  it('is refused to people without rights, unknown and ended alerts', async () => {
    const { id } = await bot.look(true);

    expect(await bot.pressed('U0KIT', actionIds.acknowledge, id)).toContain('you are neither');
    expect(await bot.pressed('U0ADA', actionIds.acknowledge, '<!channel>')).toContain(
      'no longer exists',
    );
    await bot.look(false);
    expect(await bot.pressed('U0ADA', actionIds.acknowledge, id)).toContain(
      'That alert is no longer open',
    );
    expect((await bot.pipeline.getAlert(id))?.acknowledged).toBeNull();
  });
});

describe('roll back from an alert', () => {
  it('asks why in a form, and leaves the card unchanged', async () => {
    await bot.look(true);
    bot.pipeline.setProduction(6, 'spam-before', 5);
    bot.pipeline.setVersions([aVersion(6), aVersion(5)]);
    const value = JSON.stringify(['spam', 6, 5]);
    expect(JSON.stringify(bot.alerts()[0]?.blocks)).toContain(JSON.stringify(value));
    const before = bot.card();

    await bot.pressed('U0ADA', actionIds.rollBackModel, value);
    const [view = {}] = bot.slack.openedViews;
    await bot.submitForm('U0ADA', view, { reason: 'phishing gets through' });

    expect(plainText(view as never)).toContain('🚨 spam v6 scores lower');
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'rollback', version: 5, model: 'spam', reason: 'phishing gets through' },
    ]);
    expect(bot.card()).toBe(before);
    expect(bot.slack.privateAnswers).toEqual([]);
  });
});

describe('where alerts are listed', () => {
  it('come first on the Home tab', async () => {
    await bot.look(true);

    await bot.event({ type: 'app_home_opened', user: 'U0KIT', tab: 'home', channel: 'D1' });

    const home = JSON.stringify(bot.slack.homes.get('U0KIT'));
    expect(home.indexOf('spam v6 scores lower')).toBeGreaterThan(0);
    expect(home.indexOf('spam v6 scores lower')).toBeLessThan(home.indexOf('Spam filter'));
  });

  it('lists open alerts, then recent ones', async () => {
    expect(await bot.command('U0KIT', 'alerts')).toContain('No open alerts');
    await bot.look(true);
    await bot.look(false);
    await bot.look(true);

    const told = await bot.command('U0KIT', 'alerts spam');

    expect(told).toMatch(/Open alerts[\s\S]*🚨 spam v6[\s\S]*Recent alerts[\s\S]*✅ spam v6/);
  });
});
