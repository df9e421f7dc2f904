import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { retrainFields } from '../../bot/features/retrain/retrain-form.ts';
import { card } from '../../bot/features/run/card.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.put(withData(sample('deployed'), 'good', '2026-11-20T08:00:00.000Z'));
  bot.pipeline.put(withData(sample('blocked'), 'spoiled', '2026-11-20T09:00:00.000Z'));
});

afterEach(() => bot.close());

function withData(run: Run, name: string, createdAt: string): Run {
  const dataset = { key: name, fileName: `${name}.csv`, version: `${name}0123`, bytes: 9 };
  return { ...run, id: `spam-${name}`, dataset, createdAt };
}

describe('a dataset that the gate has blocked', () => {
  it('is marked in the form and not chosen', async () => {
    await bot.command('U0ADA', 'retrain');

    const blocks = (bot.slack.openedViews.at(-1)?.blocks ?? []) as {
      block_id?: string;
      element?: { options?: { text: { text: string } }[]; initial_option?: { value: string } };
    }[];
    const field = blocks.find(({ block_id }) => block_id === retrainFields.dataset('spam'));
    expect(field?.element?.options?.map(({ text }) => text.text)).toEqual([
      '⚠️ blocked by the gate · spoiled.csv · 9,120 rows · 40 minutes ago',
      'good.csv · 9,120 rows · 2 hours ago',
    ]);
    expect(field?.element?.initial_option).toMatchObject({ value: 'good0123' });
  });

  it('is marked where datasets are suggested', async () => {
    expect(await bot.command('U0ADA', 'retrain spam dataset=ffff')).toContain(
      'The latest are: spoiled0123 (blocked by the gate), good0123.',
    );
  });

  it('is named in the answer when a retrain has passed over it', async () => {
    const { startRun } = bot.pipeline;
    const good = (await bot.pipeline.getRun('spam-good'))?.dataset ?? null;
    bot.pipeline.startRun = (request) =>
      startRun(request.kind === 'retrain' ? { ...request, dataset: good } : request);

    const answer = await bot.command('U0ADA', 'retrain spam');

    expect(answer).toContain('spoiled.csv is newer and was passed over: blocked by the gate.');
    expect(answer).toContain('/mlops retrain spam dataset=spoiled0123 takes it.');
    expect(await bot.command('U0ADA', 'retrain spam dataset=good')).not.toContain('passed over');
  });
});

describe('a retry of a run that the gate has blocked', () => {
  it('asks first, and repeats once however often it is confirmed', async () => {
    const question = await bot.command('U0ADA', 'retry spam-spoiled');
    const blocks = bot.commandBlocks() as { elements?: { action_id: string; value: string }[] }[];
    const button = blocks.flatMap(({ elements = [] }) => elements).find((each) => each.action_id);

    expect(question).toContain('Repeat a run that was blocked?');
    expect(question).toContain('Gate: fail');
    expect(bot.pipeline.started).toEqual([]);
    expect(button?.action_id).toBe(actionIds.retryBlocked);
    const press = (user: string) =>
      bot.click(user, actionIds.retryBlocked, button?.value ?? '', { isPrivate: true });
    expect(await press('U0KIT')).toContain('Only operators can start a run');
    await press('U0ADA');
    await press('U0ADA');
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'retrain', dataset: { version: 'spoiled0123' }, inherits: false },
    ]);
  });

  it('does not ask for a run that failed', async () => {
    bot.pipeline.put(withData(sample('training failed'), 'broken', '2026-11-20T09:10:00.000Z'));

    expect(await bot.command('U0ADA', 'retry spam-broken')).toContain('Retrain of spam started');
  });
});

describe('the settings of a retrain', () => {
  it('start in the form from those typed for the version in production', async () => {
    const maker = { ...sample('deployed'), id: 'spam-20261101-7', hyperparameters: { epochs: 10 } };
    bot.pipeline.put(maker);
    bot.pipeline.setProduction(7);

    await bot.command('U0ADA', 'retrain');
    const view = bot.slack.openedViews.at(-1) ?? {};
    await bot.submitForm('U0ADA', view, { [retrainFields.setting('spam', 'epochs')]: '2' });

    expect(JSON.stringify(view)).toContain('"initial_value":"10"');
    expect(bot.pipeline.started).toMatchObject([{ hyperparameters: { epochs: '2' } }]);
  });

  it('stand on the card where they differ from production, and all in its details', () => {
    const settings = {
      against: 7,
      inherited: { epochs: 10 },
      configured: { epochs: null },
      changes: [{ name: 'learning_rate', from: '0.00005', to: '0.0001' }],
    };
    const run = { ...sample('training'), hyperparameters: { learning_rate: 0.0001 }, settings };

    const text = plainText(card(run, sampleFacts));

    expect(plainText(runDetails(run, sampleFacts))).toContain(
      'Settings: Epochs = 10 as v7, Learning rate = 0.0001',
    );
    expect(text).toContain('Other settings than v7: Learning rate 0.00005 → 0.0001');
  });
});

describe('a dataset that differs from the data of production', () => {
  it('is trained on when a person names it', async () => {
    bot.pipeline.put(withData(sample('data changed'), 'delta', '2026-11-20T10:00:00.000Z'));

    await bot.command('U0ADA', 'retrain spam dataset=delta');
    await bot.command('U0ADA', 'retrain spam dataset=good');

    expect(bot.pipeline.started).toMatchObject([
      { dataset: { version: 'delta0123' }, acceptsData: true },
      { dataset: { version: 'good0123' } },
    ]);
    expect(bot.pipeline.started[1]).not.toHaveProperty('acceptsData');
  });
});
