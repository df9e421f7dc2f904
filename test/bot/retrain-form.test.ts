import { viewProblems } from '@mlops-bot/slack-simulator/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { retrainFields } from '../../bot/features/retrain/retrain-form.ts';
import { retrainModal } from '../../bot/features/retrain/retrain-modal.ts';
import { decimal } from '../../bot/features/retrain/setting-fields.ts';
import { manyLabels, nastyNames, report, spamRecipe } from '../../bot/gallery/sample-parts.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.put(sample('deployed'));
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

async function openForm(user = 'U0ADA'): Promise<Record<string, unknown>> {
  await bot.command(user, 'retrain');
  return bot.slack.openedViews.at(-1) ?? {};
}

const field = (name: string) => retrainFields.setting('spam', name);

describe('/mlops retrain alone', () => {
  it('opens a form and says nothing', async () => {
    expect(await bot.command('U0ADA', 'retrain')).toBe('');
    expect(bot.slack.openedViews).toHaveLength(1);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('shows the datasets with their rows and age, and the limits of the recipe', async () => {
    const json = JSON.stringify(await openForm());

    expect(json).toContain('messages-2026-11.csv · 9,120 rows · 10 minutes ago');
    expect(json).toContain('A whole number from 1 to 20.');
    expect(json).toContain('"min_value":"0.0000001"');
    expect(json).toContain('"initial_value":"0.00005"');
  });

  it('shows every setting when asked for more', async () => {
    const view = await openForm();

    await bot.choose('U0ADA', actionIds.retrainMore, 'spam', { view });

    expect(bot.slack.openedViews).toHaveLength(2);
    expect(JSON.stringify(bot.slack.openedViews.at(-1))).toContain('"Learning rate"');
  });

  it('opens nothing for people without rights', async () => {
    expect(await bot.command('U0KIT', 'retrain')).toContain('Only operators can retrain');
    expect(bot.slack.openedViews).toEqual([]);
  });

  it('says so when Slack does not open the form in time', async () => {
    bot.slack.misbehave('views.open', { kind: 'error', error: 'expired_trigger_id' });

    expect(await bot.command('U0ADA', 'retrain')).toContain('Slack did not open the form in time.');
  });

  it('takes another model’s fields when the model changes', async () => {
    const view = await openForm();

    await bot.choose('U0ADA', actionIds.retrainChooseModel, 'tumour', { view });

    const changed = bot.slack.openedViews.at(-1);
    expect(changed).toMatchObject({ private_metadata: 'tumour' });
    expect(JSON.stringify(changed)).toContain('tumour has no valid dataset yet');
    expect(JSON.stringify(changed)).not.toContain('setting:spam:');
  });
});

describe('the form', () => {
  it('starts a run with nothing changed when nothing was changed', async () => {
    const view = await openForm();

    const answer = await bot.submitForm('U0ADA', view);

    expect(answer.response_action).toBe('update');
    expect(plainText((answer.view ?? { blocks: [] }) as never)).toContain(
      'Retrain of spam started',
    );
    expect(bot.pipeline.started).toMatchObject([
      {
        kind: 'retrain',
        model: 'spam',
        requestedBy: { id: 'U0ADA' },
        dataset: { version: '3f9a1c77b2e4' },
        hyperparameters: {},
        reason: null,
        spot: null,
      },
    ]);
  });

  it('sends only what was changed', async () => {
    const view = await openForm();

    await bot.submitForm('U0ADA', view, {
      [field('epochs')]: '5',
      [field('learning_rate')]: '5e-5',
      [retrainFields.spot('spam')]: 'false',
      [retrainFields.reason]: ' longer ',
    });

    expect(bot.pipeline.started).toMatchObject([
      { hyperparameters: { epochs: '5' }, spot: false, reason: 'longer' },
    ]);
    expect(bot.pipeline.started[0]).not.toHaveProperty('hyperparameters.learning_rate');
  });

  it('takes an emptied field as the default', async () => {
    await bot.submitForm('U0ADA', await openForm(), { [field('epochs')]: null });

    expect(bot.pipeline.started).toMatchObject([{ hyperparameters: {} }]);
  });

  it.each([
    [field('epochs'), '0', 'epochs = “0” is not between 1 and 20.'],
    [field('epochs'), '2.5', 'epochs = “2.5” is not a whole number.'],
    [field('learning_rate'), 'fast', 'learning rate = “fast” is not a number.'],
    [retrainFields.dataset('spam'), '', 'spam has no valid dataset yet'],
    [retrainFields.model, 'tumour', 'The fields below belong to spam.'],
  ])('says at %s what is wrong with “%s”', async (block, value, expected) => {
    const answer = await bot.submitForm('U0ADA', await openForm(), { [block]: value });

    expect(answer.response_action).toBe('errors');
    expect(Object.keys(answer.errors ?? {})).toEqual([block]);
    expect(answer.errors?.[block]).toContain(expected);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('starts one run when it is submitted twice', async () => {
    const view = await openForm();

    await bot.submitForm('U0ADA', view);
    await bot.submitForm('U0ADA', view);

    expect(bot.pipeline.started).toHaveLength(1);
  });

  it('starts nothing for people without rights', async () => {
    const answer = await bot.submitForm('U0KIT', await openForm());

    expect(JSON.stringify(answer.view)).toContain('Only operators');
    expect(bot.pipeline.started).toEqual([]);
  });
});

describe('retrainModal', () => {
  it('keeps Slack’s limits with the longest names', () => {
    const view = retrainModal({
      model: 'a'.repeat(20),
      models: nastyNames.map((title, index) => ({ name: `m${index}`, title })),
      datasets: Array.from({ length: 40 }, (_, index) => ({
        version: `${index}`.padStart(12, '0'),
        fileName: nastyNames[index % nastyNames.length] ?? '',
        rows: report().rows.kept,
        usedAt: '2026-11-01T00:00:00.000Z',
      })),
      settings: manyLabels.concat(manyLabels.map((label) => `${label} again`)).map((name) => ({
        name,
        spec: {
          type: 'string',
          default: '',
          description: nastyNames.join(' '),
          enum: [...nastyNames, ''],
        },
        value: '',
      })),
      spot: true,
      now: new Date('2026-11-20T00:00:00.000Z'),
    });

    expect(viewProblems(view)).toEqual([]);
  });

  it('shows no dataset field where there is no valid dataset', () => {
    const spec = spamRecipe.hyperparameters.epochs;
    if (spec === undefined) throw new Error('The sample recipe has no epochs.');
    const view = retrainModal({
      model: 'spam',
      models: [{ name: 'spam', title: 'Spam' }],
      datasets: [],
      settings: [{ name: 'epochs', spec, value: '2' }],
      spot: false,
      now: new Date(0),
    });

    expect(viewProblems(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('spam has no valid dataset yet');
  });
});

describe('decimal', () => {
  it.each([
    [1e-7, '0.0000001'],
    [0.00005, '0.00005'],
    [2.5e-9, '0.0000000025'],
    [0.1, '0.1'],
    [2147483647, '2147483647'],
  ])('writes %d as %s', (value, expected) => {
    expect(decimal(value)).toBe(expected);
  });
});
