import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/messages/buttons.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
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
  it('does what the command does, answered to the asker alone', async () => {
    await bot.event({
      type: 'app_mention',
      user: 'U0KIT',
      text: '<@U0MLOPS> help &lt;x&gt;',
      channel: 'C0MLOPS',
      ts: '1.2',
    });

    expect(bot.slack.privateAnswers).toMatchObject([{ user: 'U0KIT' }]);
    expect(bot.slack.privateAnswers[0]?.text).toContain('There is no command “&lt;x&gt;”.');
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
    expect(JSON.stringify(bot.slack.homes.get('U0GRACE'))).toContain('One decision waits for you');
  });

  it('starts one retrain per Home as it was shown, answered in a modal', async () => {
    const first = await bot.click('U0ADA', actionIds.retrainModel, 'spam', { isInHome: true });
    await bot.click('U0ADA', actionIds.retrainModel, 'spam', { isInHome: true });

    expect(first).toContain('Retrain of spam started');
    expect(bot.pipeline.started).toHaveLength(1);
  });

  it('puts the chosen model first', async () => {
    await bot.click('U0KIT', actionIds.homeModel, 'tumour', { isInHome: true });

    const home = JSON.stringify(bot.slack.homes.get('U0KIT'));
    expect(home.indexOf('Tumour classifier')).toBeLessThan(home.indexOf('Spam filter'));
  });
});
