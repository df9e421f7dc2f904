import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { readSuggestion } from '../../bot/blocks/suggestion.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { arrange, type Row, rows } from './words.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

/** The commands on the buttons of an answer. */
function offered(blocks: readonly object[]): readonly string[] {
  const elements = blocks.flatMap((block) => ('elements' in block ? block.elements : []));
  return (elements as readonly { action_id?: string; value?: string }[])
    .filter(({ action_id }) => action_id?.startsWith('command.run'))
    .map(({ value = '' }) => readSuggestion(value)?.command ?? '');
}

async function ask({ typed, when, by = 'U0ADA' }: Row): Promise<string> {
  await arrange(bot.pipeline, (text) => bot.command('U0ADA', text), when);
  const answer = await bot.command(by, typed);
  const [view] = bot.slack.openedViews;
  return view === undefined
    ? answer
    : `${(view.title as { text: string }).text}\n${plainText(view as never)}`;
}

describe('what people type', () => {
  it.each(rows)('“$typed” is understood', async (row) => {
    const seen = await ask(row);

    for (const text of row.shows) expect(seen).toContain(text);
    expect(bot.pipeline.started).toMatchObject(row.starts ?? []);
    expect(bot.pipeline.started).toHaveLength(row.starts?.length ?? 0);
    if (row.offers !== undefined) expect(offered(bot.commandBlocks())).toEqual(row.offers);
  });
});
