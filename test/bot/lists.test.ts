import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';
import { createBotHarness, testConfig } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

interface Option {
  readonly text: { readonly text: string };
  readonly value: string;
  readonly url?: string;
}

/** The menus of the last answer, from the top. */
function menus(): readonly (readonly Option[])[] {
  return bot
    .commandBlocks()
    .flatMap((block) =>
      'accessory' in block ? [(block.accessory as { options: readonly Option[] }).options] : [],
    );
}

async function announced(run: Run): Promise<void> {
  bot.pipeline.put(run);
  bot.announcer.onEvent(run.id);
  await bot.announcer.idle();
}

const labels = (options: readonly Option[] = []) => options.map(({ text }) => text.text);

describe('the items of a list', () => {
  it('runs link their cards and offer what their state allows', async () => {
    await announced(sample('training'));
    bot.pipeline.put({ ...sample('training failed'), id: 'spam-bbbbbbbb' });

    await bot.command('U0ADA', 'runs');
    const options = menus().flat();

    expect(menus().map(labels)).toContainEqual(['Open the card', 'Why?', 'Log', 'Stop']);
    expect(menus().map(labels)).toContainEqual(['Why?', 'Log', 'Retry']);
    expect(options.find(({ url }) => url !== undefined)?.url).toMatch(
      /^https:\/\/acme\.slack\.com\/archives\/C0MLOPS\/p/,
    );
  });

  it('a choice runs the command as if it were typed, with the rights of who chose', async () => {
    bot.pipeline.put(sample('training'));
    await bot.command('U0ADA', 'runs');
    const stop = menus()[0]?.find(({ text }) => text.text === 'Stop')?.value ?? '';

    const refused = await bot.choose('U0KIT', actionIds.commandMenu, stop, { isPrivate: true });
    const done = await bot.choose('U0ADA', actionIds.commandMenu, stop, { isPrivate: true });

    expect(refused).toContain('Only operators');
    expect(done).toContain('Stopping the retrain of spam.');
    expect(bot.pipeline.audit.entries.map(({ by, action }) => [by.name, action])).toContainEqual([
      'Ada',
      'stop',
    ]);
  });

  it('opening a card runs nothing', async () => {
    expect(await bot.choose('U0ADA', actionIds.commandMenu, 'open')).toBeNull();
    expect(bot.pipeline.audit.entries).toEqual([]);
  });

  it('versions offer a comparison, a promotion and a rollback', async () => {
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
    bot.pipeline.setProduction(6);

    await bot.command('U0ADA', 'versions spam');

    expect(menus().map(labels)).toEqual([
      ['Compare with production', 'Its run', 'Model card', 'Request approval'],
      ['What changed with it', 'Its run', 'Model card', 'Roll back…'],
    ]);
    expect(menus()[0]?.map(({ value }) => value)).toEqual([
      'diff spam v7',
      'why spam v7',
      'model-card spam v7',
      'promote spam v7',
    ]);
  });

  it('requests link their cards, and those who can decide are offered to', async () => {
    await announced(sample('waiting for approval'));

    await bot.command('U0GRACE', 'approvals');
    const forGrace = menus()[0];
    await bot.command('U0KIT', 'approvals');

    expect(labels(forGrace)).toEqual([
      'Open the card',
      'Approve or reject…',
      'Remind the approvers',
      'Remind me in an hour',
      'Hand over…',
    ]);
    const question = forGrace?.find(({ text }) => text.text === 'Approve or reject…')?.value ?? '';
    expect(await bot.choose('U0GRACE', actionIds.commandMenu, question)).toContain('Approve');
    expect(labels(menus()[0])).toEqual([
      'Open the card',
      'Compare with production',
      'Remind the approvers',
    ]);
  });

  it('models link the card of what is going on and offer what can be asked', async () => {
    await announced(sample('training'));
    bot.pipeline.setProduction(6);

    const answer = await bot.command('U0ADA', 'status spam');

    expect(labels(menus()[0])).toEqual([
      'Open the card',
      'Versions',
      'Runs',
      'Newest against production',
      'Roll back…',
    ]);
    expect(answer).toContain('⏳ spam: training, 42 % (https://acme.slack.com/archives/');
  });

  it('alerts link their cards and can be muted', async () => {
    await bot.look(true);

    await bot.command('U0ADA', 'alerts');

    expect(labels(menus()[0])).toEqual([
      'Open the card',
      'Why?',
      'Mute for 8 hours',
      'Roll back to v5…',
    ]);
  });
});

describe('the channel in an answer', () => {
  it('is a link when the configuration names it by its id', async () => {
    const byId = await createBotHarness({ config: { ...testConfig, channel: 'C0MLOPS' } });

    await byId.command('U0ADA', 'retrain spam');

    expect(JSON.stringify(byId.commandBlocks())).toContain(
      '{"type":"channel","channel_id":"C0MLOPS"}',
    );
    await byId.close();
  });
});
