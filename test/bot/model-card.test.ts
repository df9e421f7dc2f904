import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleCard } from '../../bot/gallery/model-card-examples.ts';
import { sampleEvidence } from '../../bot/gallery/sample-evidence.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;
const card = sampleCard(sample('waiting for approval'), sampleEvidence().evidence);

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.setVersions([aVersion(8), aVersion(7)]);
  bot.pipeline.setCard({ card, isKept: true });
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

describe('/mlops model-card', () => {
  it.each(['model-card spam', 'model card spam v8', 'card spam latest'])(
    '“%s” shows the card of the newest version',
    async (text) => {
      const said = await bot.command('U0KIT', text);

      expect(said).toContain('Model card of spam v8');
      expect(said).toContain('Limitations');
      expect(said).toContain('Accuracy: 0.956 (0.941–0.968)');
    },
  );

  it('says when it was not written at registration', async () => {
    bot.pipeline.setCard({ card, isKept: false });

    expect(await bot.command('U0KIT', 'model-card spam')).toContain(
      'No card was written when it was registered.',
    );
  });

  it('is exported in a terminal only, and names a version that is not there', async () => {
    expect(await bot.command('U0KIT', 'model-card spam export=yes')).toContain(
      'npx mlops model-card spam export=yes > model-card.md',
    );
    expect(await bot.command('U0KIT', 'model-card spam v99')).toContain('has no version 99');
  });

  it('is in the menu of a version', async () => {
    await bot.command('U0KIT', 'versions spam');

    expect(JSON.stringify(bot.commandBlocks())).toContain('model-card spam v8');
  });
});
