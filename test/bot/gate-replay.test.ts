import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verdict } from '../../bot/gallery/sample-verdicts.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness({ local });
});

afterEach(() => bot.close());

const local = { interrupt: async () => ({ message: '' }) };

describe('/mlops gate replay', () => {
  it('shows both verdicts with their reasons, and what was changed', async () => {
    const run = sample('deployed');
    bot.pipeline.put(run);
    bot.pipeline.setReplay(verdict('inconclusive'));

    const text = await bot.command('U0KIT', `gate replay ${run.id} margin=0.01`);

    expect(text).toContain(`Gate of ${run.id} with margin=0.01: inconclusive`);
    expect(text).toContain('Recorded: pass');
    expect(text).toContain('counts as no look');
  });

  it.each([
    ['gate', 'What should the gate do?'],
    ['gate rerun spam', 'What should the gate do?'],
    ['gate replay', 'There are no runs yet.'],
    ['gate replay spam margn=0.1', 'Did you mean /mlops gate replay spam margin=0.1?'],
  ])('%s is answered with what to do', async (text, words) => {
    expect(await bot.command('U0KIT', text)).toContain(words);
  });

  it('is sent to a terminal by Slack on AWS, where the function reads no files', async () => {
    const onAws = await createBotHarness();
    onAws.pipeline.put(sample('deployed'));

    const text = await onAws.command('U0KIT', 'gate replay spam');
    await onAws.close();

    expect(text).toContain('npx mlops gate replay');
  });

  it('names a setting that makes no sense', async () => {
    bot.pipeline.put(sample('deployed'));

    expect(await bot.command('U0KIT', 'gate replay spam margin=5')).toContain(
      'margin=5 is not a number from 0 to 1',
    );
  });
});
