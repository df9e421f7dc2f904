import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
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

describe('a mention', () => {
  it('is answered in its thread', async () => {
    await bot.event({
      type: 'app_mention',
      user: 'U0KIT',
      text: '<@U0MLOPS> status',
      channel: 'C0MLOPS',
      ts: '1.2',
    });

    expect(bot.slack.messages).toMatchObject([{ threadTs: '1.2', text: 'Status of 2 models' }]);
    expect(bot.slack.privateAnswers).toEqual([]);
  });

  it('in a run’s thread means that run, once however often Slack delivers it', async () => {
    bot.pipeline.put(sample('training'));
    bot.announcer.onEvent('spam-20261120-a1b2c3d4');
    await bot.announcer.idle();
    const [root] = bot.slack.roots();
    const mention = {
      type: 'app_mention',
      user: 'U0KIT',
      text: '<@U0MLOPS>',
      channel: 'C0MLOPS',
      ts: '2.1',
      thread_ts: root?.ts,
    };

    await bot.event(mention, 'Ev7');
    await bot.event(mention, 'Ev7');
    await bot.event({ ...mention, text: '<@U0MLOPS> logs' }, 'Ev8');

    const replies = bot.slack.threadOf(root?.ts ?? '').slice(-2);
    expect(replies.map(({ text }) => text)).toEqual([
      '⏳ spam: training, 42 %',
      'Run spam-20261120-a1b2c3d4 has no log yet.',
    ]);
  });

  it('that needs confirmation is answered privately', async () => {
    bot.pipeline.setProduction(7, 'spam-live', 6);
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);

    await bot.event({
      type: 'app_mention',
      user: 'U0ADA',
      text: '<@U0MLOPS> rollback spam',
      channel: 'C0MLOPS',
      ts: '1.2',
    });

    expect(bot.slack.messages).toEqual([]);
    expect(bot.slack.privateAnswers).toMatchObject([{ user: 'U0ADA' }]);
  });

  it.each([
    ['help &lt;x&gt;', 'There is no command “&lt;x&gt;”.'],
    ['versions spma', 'There is no model “spma”.'],
  ])('“%s”, which is not understood, is answered privately', async (typed, said) => {
    await bot.event({
      type: 'app_mention',
      user: 'U0KIT',
      text: `<@U0MLOPS> ${typed}`,
      channel: 'C0MLOPS',
      ts: '1.2',
    });

    expect(bot.slack.messages).toEqual([]);
    expect(bot.slack.privateAnswers).toMatchObject([{ user: 'U0KIT' }]);
    expect(bot.slack.privateAnswers[0]?.text).toContain(said);
  });
});

describe('the Home tab', () => {
  it('shows each person what they may do', async () => {
    bot.pipeline.put(sample('waiting for approval'));
    bot.pipeline.setProduction(6, 'spam-live', 5);

    for (const user of ['U0ADA', 'U0GRACE', 'U0KIT']) {
      await bot.event({ type: 'app_home_opened', user, tab: 'home', channel: 'D1' });
    }

    const buttons = (user: string) =>
      JSON.stringify(bot.slack.homes.get(user))
        .match(/"action_id":"[^"]+"/g)
        ?.join() ?? '';
    expect(buttons('U0GRACE')).toContain(actionIds.approve);
    expect(buttons('U0ADA')).not.toContain(actionIds.approve);
    expect(buttons('U0ADA')).toContain(actionIds.retrainModel);
    expect(buttons('U0KIT')).not.toContain(actionIds.retrainModel);
    expect(buttons('U0KIT')).not.toContain(actionIds.rollBackModel);
    expect(JSON.stringify(bot.slack.homes.get('U0GRACE'))).toContain(
      'One decision is waiting for you',
    );
  });

  it('shows at once that a decision was made there', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);

    const told = await bot.click('U0GRACE', actionIds.approve, decisionValue(run), {
      isInHome: true,
    });

    expect(told).toBeNull();
    expect(JSON.stringify(bot.slack.homes.get('U0GRACE'))).toContain('Nothing is waiting for you');
  });

  it('opens the form of a retrain for its model', async () => {
    await bot.click('U0ADA', actionIds.retrainModel, 'tumour', { isInHome: true });

    expect(bot.slack.openedViews).toMatchObject([{ private_metadata: 'tumour' }]);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('refuses the form to people without rights', async () => {
    const answer = await bot.click('U0KIT', actionIds.retrainModel, 'spam', { isInHome: true });

    expect(answer).toContain('Only operators can retrain a model');
  });

  it('puts the chosen model first', async () => {
    await bot.click('U0KIT', actionIds.homeModel, 'tumour', { isInHome: true });

    const home = JSON.stringify(bot.slack.homes.get('U0KIT'));
    expect(home.indexOf('Tumour classifier')).toBeLessThan(home.indexOf('Spam filter'));
  });
});
