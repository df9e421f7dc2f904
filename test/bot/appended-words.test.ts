import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { retrainFields } from '../../bot/features/retrain/retrain-form.ts';
import { card } from '../../bot/features/run/card.ts';
import { datasetEntry } from '../../bot/features/run/dataset-entry.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

const appended = sample('appended');

describe('a run whose file was appended', () => {
  it('says on its card to how many files, and how many rows each part has', () => {
    expect(plainText(card(appended, sampleFacts))).toContain(
      'messages-2026-11-26.csv (4.8 MB) appended to 2 earlier files: 2,199 + 340 rows',
    );
  });

  it('names in its thread what each file brought and what is left out', () => {
    const entry = plainText(datasetEntry(appended) ?? { blocks: [] });

    expect(entry).toContain('3 files, appended to the data of v6');
    expect(entry).toContain('messages-2026-11-26.csv 340 new rows of 361 rows');
    expect(entry).toContain('Not part of it: messages-2026-11-25.csv (blocked by the gate).');
    expect(plainText(runDetails(appended, sampleFacts))).toContain('Not part of it: ');
  });

  it('does not say what it is appended to before that is known', () => {
    const { appending: _, prepared: __, ...rest } = appended;
    const { files: ___, ...file } = appended.dataset ?? {
      key: '',
      fileName: '',
      version: '',
      bytes: 0,
    };
    const early: Run = { ...rest, dataset: file, prepared: null };

    expect(plainText(card(early, sampleFacts))).toContain(
      'to be appended to the data of production',
    );
  });

  it('keeps the files that were found first', () => {
    const { dataset } = appended;
    if (dataset === null) throw new Error('The sample has no dataset.');
    const event = {
      type: 'DatasetAppended',
      runId: appended.id,
      at: appended.updatedAt,
      dataset: { ...dataset, files: [] },
      appending: { onto: 9, leftOut: [] },
    } as const;

    expect(applyEvent(appended, event)).toBe(appended);
  });
});

describe('asking for it', () => {
  let bot: BotHarness;

  beforeEach(async () => {
    bot = await createBotHarness();
    const dataset = { key: 'k', fileName: 'delta.csv', version: 'delta0123', bytes: 9 };
    bot.pipeline.put({ ...sample('data changed'), id: 'spam-delta', dataset });
    bot.pipeline.put({ ...sample('deployed'), id: 'spam-20261101-7' });
    bot.pipeline.setProduction(7);
  });

  afterEach(() => bot.close());

  it('is a word of the command, which accepts nothing else about the data', async () => {
    await bot.command('U0ADA', 'retrain spam dataset=delta append=yes');
    await bot.command('U0ADA', 'retrain spam dataset=delta append=no');

    expect(bot.pipeline.started).toMatchObject([
      { dataset: { version: 'delta0123' }, appends: true },
      { dataset: { version: 'delta0123' }, acceptsData: true },
    ]);
    expect(bot.pipeline.started[0]).not.toHaveProperty('acceptsData');
    expect(bot.pipeline.started[1]).not.toHaveProperty('appends');
  });

  it('needs a dataset', async () => {
    expect(await bot.command('U0ADA', 'retrain spam append=yes')).toContain(
      'append=yes needs the dataset that is to be appended.',
    );
    expect(await bot.command('U0ADA', 'retrain spam dataset=delta append=maybe')).toContain(
      'append = “maybe” is not true or false.',
    );
    expect(bot.pipeline.started).toEqual([]);
  });

  it('is a choice in the form, which is left to the dataset alone', async () => {
    await bot.command('U0ADA', 'retrain');
    const view = bot.slack.openedViews.at(-1) ?? {};

    await bot.submitForm('U0ADA', view, { [retrainFields.use('spam')]: 'append' });

    expect(view.blocks).toContainEqual(
      expect.objectContaining({
        block_id: retrainFields.use('spam'),
        element: expect.objectContaining({
          initial_option: expect.objectContaining({ value: 'alone' }),
        }),
      }),
    );
    expect(bot.pipeline.started).toMatchObject([{ appends: true }]);
  });
});
