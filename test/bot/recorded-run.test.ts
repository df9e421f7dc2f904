import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../bot/gallery/sample-timeline.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import { createBotHarness } from './bot-harness.ts';

/** Every event of a real local run: interrupted, resumed, approved, deployed (`--events`). */
const recorded: readonly RunEvent[] = JSON.parse(
  readFileSync(new URL('recorded-run.json', import.meta.url), 'utf8'),
);
const runId = recorded[0]?.runId ?? '';

/**
 * Tells the stream as a queue delivers it: `deliveries` are positions in the stream, each a hint
 * that arrives when the record has come as far as the latest delivered so far. Between batches
 * the announcer catches its breath.
 */
async function tell(deliveries: readonly number[]) {
  const bot = await createBotHarness();
  let happened = 0;
  for (const [index, position] of deliveries.entries()) {
    happened = Math.max(happened, position + 1);
    bot.pipeline.put(fold(recorded.slice(0, happened)));
    bot.announcer.onEvent(runId);
    if (index % 4 === 3) await bot.announcer.idle();
  }
  await bot.announcer.idle();
  const [root] = bot.slack.roots();
  const replies = bot.slack.threadOf(root?.ts ?? '');
  const result = {
    roots: bot.slack.roots().length,
    broadcasts: bot.slack.messages.filter(({ isBroadcast }) => isBroadcast).length,
    card: { text: root?.text, blocks: root?.blocks },
    thread: replies.map(({ text, blocks }) => ({ text, blocks })),
    edits: root?.edits ?? 0,
    problems: [...bot.slack.problems],
  };
  await bot.close();
  return result;
}

const orderly = () => tell(recorded.map((_event, index) => index));

/** Every event one to three times, each delivery up to a dozen places late; the last one always. */
const disorder = fc
  .array(
    fc.record({ times: fc.integer({ min: 1, max: 3 }), late: fc.integer({ max: 12, min: 0 }) }),
    {
      minLength: recorded.length,
      maxLength: recorded.length,
    },
  )
  .map((each) =>
    each
      .flatMap(({ times, late }, position) =>
        Array.from({ length: times }, (_, copy) => ({
          position,
          at: position + late * copy + late,
        })),
      )
      .sort((a, b) => a.at - b.at)
      .map(({ position }) => position),
  );

describe('the recorded stream of a full run', () => {
  it('is one card and its thread, whatever is delivered twice, late or out of order', async () => {
    const expected = await orderly();
    const counted: string[] = [];

    await fc.assert(
      fc.asyncProperty(disorder, async (deliveries) => {
        const result = await tell(deliveries);

        expect(result).toMatchObject({ roots: 1, broadcasts: 0, problems: [] });
        expect(result.card).toEqual(expected.card);
        expect(result.thread).toEqual(expected.thread);
        const outOfOrder = deliveries.filter(
          (each, at) => each < (deliveries[at - 1] ?? -1),
        ).length;
        counted.push(
          `${recorded.length} events in ${deliveries.length} deliveries, ${outOfOrder} out of order: ${result.roots} root, ${result.broadcasts} broadcasts, ${result.edits} edits, ${result.thread.length} replies`,
        );
      }),
      { numRuns: 5, seed: 20_261_122 },
    );

    expect(expected.card.text).toContain('is live');
    process.stdout.write(`${counted.join('\n')}\n`);
  });
});
