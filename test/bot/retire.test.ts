import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { grace } from '../flow/world.ts';
import { type BotHarness, createBotHarness, testConfig } from './bot-harness.ts';
import { anEndpoint } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.onChange((runId) => bot.announcer.onEvent(runId));
  bot.pipeline.setProduction(7, 'spam-live', 6);
  bot.pipeline.setServing({ endpoint: anEndpoint('spam-v7-spamlive'), retired: null });
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const form = (): Record<string, unknown> => bot.slack.openedViews.at(-1) ?? {};
const text = (view: unknown): string => plainText(view as never);

describe('/mlops retire', () => {
  it('asks in a form that says what goes away and what stays', async () => {
    expect(await bot.command('U0GRACE', 'retire spam too costly')).toBe('');

    const told = text(form());
    expect(told).toContain('The endpoint spam. Requests to it will fail; v7 has answered them');
    expect(told).toContain('All versions in the registry');
    expect(told).toContain('/mlops promote spam 7 brings it back, with a new approval.');
    expect(JSON.stringify(form())).toContain('too costly');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('starts one run for two submissions, whose card says who and why, and is audited', async () => {
    await bot.command('U0GRACE', 'retire spam');
    const { view } = await bot.submitForm('U0GRACE', form(), { reason: 'too costly' });
    await bot.submitForm('U0GRACE', form(), { reason: 'again' });
    await bot.announcer.idle();

    expect(text(view)).toContain('Retirement of spam started. Follow it on its card in #ml-ops.');
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'retire', configName: 'spam-v7-spamlive', reason: 'too costly' },
    ]);
    const card = text(bot.slack.roots()[0]);
    expect(card).toContain('Grace asked to retire spam');
    expect(card).toContain('too costly');
    expect(bot.pipeline.audit.entries[0]).toMatchObject({
      action: 'retire',
      what: 'spam too costly',
      by: { id: 'U0GRACE' },
    });
  });

  it('takes the reason word for word', async () => {
    await bot.command('U0GRACE', 'retire spam replaced by the new filter, v8 of tumour');

    expect(JSON.stringify(form())).toContain('replaced by the new filter, v8 of tumour');
  });

  it('finds a model that was taken out of the configuration by its runs', async () => {
    await bot.close();
    const { spam: _, ...models } = testConfig.models;
    bot = await createBotHarness({ config: { ...testConfig, models } });
    bot.pipeline.setProduction(7, 'spam-live', 6);
    bot.pipeline.setServing({ endpoint: anEndpoint('spam-v7-spamlive'), retired: null });
    bot.pipeline.put({ ...sample('deployed'), id: 'spam-live' });

    expect(await bot.command('U0ADA', 'retire spam too costly')).toBe('');

    expect(text(form())).toContain('Retire spam?');
    expect(await bot.command('U0ADA', 'retire spm')).toContain('There is no model “spm”.');
  });

  it('refuses people who may neither roll back nor approve', async () => {
    expect(await bot.command('U0MARY', 'retire spam')).toContain(
      'Only operators and approvers of spam can retire it; you are neither.',
    );
  });

  it('refuses while a run is active, and names it', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);

    const told = await bot.command('U0GRACE', 'retire spam');

    expect(told).toContain('spam is not retired while a run of it is active.');
    expect(told).toContain(`/mlops stop ${run.id} ends it. Nothing was changed.`);
  });

  it('says the second time who has retired it, and the status says so too', async () => {
    const retired = {
      runId: 'spam-r',
      by: grace,
      at: '2026-11-20T12:00:00.000Z',
      reason: 'too costly',
    };
    bot.pipeline.setServing({ endpoint: null, retired });

    const told = await bot.command('U0ADA', 'retire spam');

    expect(told).toContain('spam is already retired.');
    expect(told).toContain('Grace retired it on 2026-11-20 12:00 UTC: too costly');
    expect(await bot.command('U0ADA', 'status spam')).toContain('Not serving. Grace retired it on');
  });

  it('says that a model that serves nothing cannot be retired', async () => {
    bot.pipeline.setServing({ endpoint: null, retired: null });

    expect(await bot.command('U0GRACE', 'retire spam')).toContain(
      'spam serves nothing, so there is nothing to retire.',
    );
  });
});
