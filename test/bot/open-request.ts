import { afterEach, beforeEach, expect } from 'vitest';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

interface Opened {
  readonly bot: BotHarness;
  readonly run: Run;
}

/** Before each test: a bot, and in its Slack the card of a run that waits for approval. */
export function withOpenRequest(
  use: (opened: Opened) => void,
  options: {
    readonly harness?: Parameters<typeof createBotHarness>[0];
    /** Changes the run before it is announced. */
    readonly as?: (run: Run) => Run;
  } = {},
): void {
  let bot: BotHarness;

  beforeEach(async () => {
    bot = await createBotHarness(options.harness);
    const waiting = sample('waiting for approval');
    const run = options.as?.(waiting) ?? waiting;
    bot.pipeline.put(run);
    bot.announcer.onEvent(run.id);
    await bot.announcer.idle();
    use({ bot, run });
  });

  afterEach(async () => {
    const problems = [...bot.slack.problems];
    await bot.close();
    expect(problems).toEqual([]);
  });
}
