import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { Message } from '../../bot/blocks/message.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import { readHomeState } from '../../bot/features/home/home-state.ts';
import { homeView } from '../../bot/features/home/home-view.ts';
import { scoreWords } from '../../bot/features/home/model-facts.ts';
import { sampleAlerts } from '../../bot/gallery/alert-examples.ts';
import { sampleModel } from '../../bot/gallery/sample-fleet.ts';
import { evaluation as sampleEvaluation } from '../../bot/gallery/sample-parts.ts';
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

const open = (user: string) =>
  bot.event({ type: 'app_home_opened', user, tab: 'home', channel: 'D1' });

const shownTo = (user: string) => plainText(bot.slack.homes.get(user) as Pick<Message, 'blocks'>);

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

  it('shows only the model that was searched for, also from a tab of an older version', async () => {
    await bot.click('U0KIT', actionIds.homeModel, 'tumour', { isInHome: true });

    const home = shownTo('U0KIT');
    expect(home).toContain('Tumour classifier (tumour)');
    expect(home).not.toContain('Spam filter (spam)');
    expect(home).toContain('[Show all]');
  });

  it('names what is wrong before the models, with what can be done', async () => {
    bot.pipeline.put(sample('blocked'));

    await open('U0KIT');

    const home = shownTo('U0KIT');
    expect(home).toContain('One thing is wrong');
    expect(home).toMatch(/⛔ spam: blocked by the gate, .* ago\n\[Why\? \| Versions \| Runs\]/);
    expect(home.indexOf('blocked by the gate')).toBeLessThan(home.indexOf('Spam filter (spam)'));
  });

  it('says who decided last, what the month cost and when the next retraining is due', async () => {
    bot.pipeline.put(sample('deployed'));
    bot.pipeline.setProduction(7, sample('deployed').id, 6);

    await open('U0KIT');

    expect(shownTo('U0KIT')).toMatch(
      /Grace approved v7 .* ago · \$0\.00 this month|Grace approved v7 .* ago/,
    );
  });

  it('tells newcomers what to do next, according to their rights', async () => {
    await open('U0ADA');
    await open('U0KIT');

    expect(shownTo('U0ADA')).toContain('Put a dataset (CSV or JSON Lines) into the inbox of spam');
    expect(shownTo('U0KIT')).toContain('Operators start runs');
  });

  it('keeps what a person looks at when it is refreshed after a decision', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);
    await bot.click('U0GRACE', actionIds.homeFilter, 'filter=empty', { isInHome: true });
    const before = bot.slack.homes.get('U0GRACE');

    await bot.click('U0GRACE', actionIds.approve, decisionValue(run), {
      isInHome: true,
      metadata: String(before?.private_metadata),
    });

    expect(bot.slack.homes.get('U0GRACE')).toMatchObject({ private_metadata: 'filter=empty' });
  });
});

describe('the Home tab of a large fleet', () => {
  const state = (text: string) => readHomeState(text, { models: {} });
  const fleet = Array.from({ length: 50 }, (_, index) => ({
    status: {
      ...sampleModel(`model-${index}`, `Model ${index}`, []),
      alerts: index === 33 ? sampleAlerts().slice(0, 1) : [],
    },
    maker: null,
    schedule: index === 0 ? 'rate(7 days)' : null,
  }));
  const view = (text: string) =>
    homeView({
      fleet,
      waiting: [],
      isOperator: false,
      mayRollBack: () => false,
      state: state(text),
      now: new Date('2026-11-20T12:00:00.000Z'),
    });
  const read = (text: string) => plainText(view(text) as Pick<Message, 'blocks'>);

  it('is read page by page, within Slack’s 100 blocks', () => {
    const pages = ['', 'page=1', 'page=2'].map(read);

    expect(pages[0]).toContain('1–20 of 50 models');
    expect(pages[1]).toContain('21–40 of 50 models');
    expect(pages[2]).toContain('41–50 of 50 models');
    for (let index = 0; index < 50; index += 1) {
      expect(pages.filter((page) => page.includes(`(model-${index}) `))).toHaveLength(1);
    }
    expect(read('page=99')).toBe(pages[2]);
    expect(view('').blocks.length).toBeLessThan(100);
  });

  it('can be narrowed to the models with a problem', () => {
    const narrowed = read('filter=wrong');

    expect(narrowed).toContain('1 of 50 models');
    expect(narrowed).toContain('🚨 Model 33 (model-33)');
    expect(narrowed).not.toContain('Model 32');
  });

  it('says when a model is retrained by the clock', () => {
    expect(read('')).toContain('retrains every 7 days');
  });
});

describe('the trend of a score', () => {
  const words = (fresh: number, rows = 1_000) => {
    const evaluation = { ...sampleEvaluation(['ham', 'spam'], 0), rows };
    const production = { ...evaluation.candidate, metrics: { macro_f1: fresh } };
    const run = {
      ...sample('deployed'),
      evaluation: { ...evaluation, production },
      evaluatedAgainst: 7,
    };
    return scoreWords({ ...sampleModel('spam', 'Spam filter', []), recentRuns: [run] });
  };

  it.each([
    [0.93, 1_000, 'steady (0.938 when registered)'],
    [0.88, 1_000, '↘ falling (0.938 when registered)'],
    [0.98, 1_000, '↗ rising (0.938 when registered)'],
    [0.88, 40, 'steady (0.938 when registered)'],
  ])('of %d on %d fresh rows is “%s”', (fresh, rows, expected) => {
    expect(words(fresh, rows)).toContain(expected);
  });
});
