import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { overrideModal } from '../../bot/features/approval/override-modal.ts';
import { card } from '../../bot/features/run/card.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { relabelledData } from '../../bot/gallery/sample-data-changes.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
const moved = '818 rows moved from “spam” to “ham”';

function waiting(): Run {
  const run = sampleRuns({ changes: relabelledData })['waiting for approval'];
  if (run === undefined) throw new Error('There is no such sample.');
  return run;
}

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

describe('a change of the data', () => {
  it('stands on the card, and in its details with what else changed', () => {
    const text = plainText(card(waiting(), facts));
    const details = plainText(runDetails(waiting(), facts));

    expect(text).toContain(`Data since v6: ${moved}`);
    expect(text).toContain('and 2 more differences');
    expect(text).toContain('[Approve…]');
    expect(details).toContain('“ham” is 72 % of the rows, before 59 %.');
  });

  it('stands in the thread, with what follows', () => {
    const entry = thread(waiting(), facts).find(({ key }) => key === 'dataset');
    if (entry === undefined) throw new Error('The thread has no entry about the dataset.');

    const text = plainText(entry);
    expect(text).toContain('Compared with the data of v6');
    expect(text).toContain(moved);
    expect(text).toContain('Texts are longer');
    expect(text).toContain('Approving the version therefore needs a reason.');
  });

  it('is an answer to “why”', async () => {
    bot.pipeline.put(waiting());

    expect(await bot.command('U0ADA', 'why spam')).toContain(moved);
  });

  it('is what the form for the reason names when the gate passed', () => {
    const form = JSON.stringify(overrideModal(waiting(), '{}'));

    expect(form).toContain('although its data changed');
    expect(form).toContain(moved);
  });
});
