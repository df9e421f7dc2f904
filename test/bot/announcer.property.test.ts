import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleEvents } from '../../bot/gallery/sample-events.ts';
import type { SampleOptions } from '../../bot/gallery/sample-options.ts';
import { fold, timeline } from '../../bot/gallery/sample-timeline.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import { createBotHarness } from './bot-harness.ts';
import type { Misbehaviour } from './fake-slack.ts';

const stories: Readonly<Record<string, (options: SampleOptions) => readonly RunEvent[]>> = {
  deployed: (options) => {
    const s = sampleEvents(options);
    return timeline([
      ...s.started,
      ...s.preparing,
      ...s.prepared,
      ...s.training,
      ...s.progressing,
      ...s.interrupted,
      ...s.resumed,
      ...s.trained,
      ...s.evaluating,
      ...s.evaluated,
      ...s.judged,
      ...s.registered,
      ...s.asked,
      ...s.approved,
      ...s.deploying,
      ...s.deployed,
      ...s.watching,
      ...s.watched,
      ...s.ended('deployed'),
    ]);
  },
  stopped: (options) => {
    const s = sampleEvents(options);
    return timeline([
      ...s.started,
      ...s.preparing,
      ...s.prepared,
      ...s.training,
      ...s.progressing,
      ...s.stopping,
      ...s.ended('stopped'),
    ]);
  },
  reverted: (options) => {
    const s = sampleEvents({ ...options, kind: 'promote', reason: null });
    return timeline([
      ...s.started,
      ...s.asked,
      ...s.reminded,
      ...s.approved,
      ...s.deploying,
      ...s.deployed,
      ...s.watching,
      ...s.reverted,
      ...s.ended('rolled_back'),
    ]);
  },
};

const trouble = fc.constantFrom<Misbehaviour>(
  { kind: 'rate_limited', seconds: 3 },
  { kind: 'down' },
  { kind: 'answer_lost' },
  { kind: 'error', error: 'not_in_channel' },
);

/** What happens, in any order: the record moves on, a hint arrives (any number of times), Slack fails. */
const world = fc.record({
  story: fc.constantFrom(...Object.keys(stories)),
  steps: fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('advance' as const),
          by: fc.integer({ min: 1, max: 6 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('hint' as const),
          times: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('trouble' as const),
          method: fc.constantFrom('chat.postMessage', 'chat.update', 'conversations.replies'),
          trouble,
        }),
      },
    ),
    { maxLength: 25 },
  ),
});

async function told(
  story: readonly RunEvent[],
  steps: typeof world extends fc.Arbitrary<infer W>
    ? W extends { steps: infer S }
      ? S
      : never
    : never,
) {
  const bot = await createBotHarness();
  const runId = story[0]?.runId ?? '';
  let happened = 1;
  const moveOn = () => bot.pipeline.put(fold(story.slice(0, happened)));
  moveOn();
  for (const step of steps) {
    if (step.kind === 'advance') {
      happened = Math.min(story.length, happened + step.by);
      moveOn();
    } else if (step.kind === 'hint') {
      for (let time = 0; time < step.times; time += 1) bot.announcer.onEvent(runId);
    } else if (step.kind === 'trouble') {
      bot.slack.misbehave(step.method, step.trouble);
    } else {
      await bot.announcer.idle();
    }
  }
  happened = story.length;
  moveOn();
  bot.announcer.onEvent(runId);
  await bot.announcer.idle();
  const roots = bot.slack.roots();
  const result = {
    roots: roots.length,
    card: roots[0] && { text: roots[0].text, blocks: roots[0].blocks },
    thread: bot.slack
      .threadOf(roots[0]?.ts ?? '')
      .map(({ text, blocks, metadata }) => ({ key: metadata?.event_payload.key, text, blocks })),
    strays: bot.slack.messages.filter(
      ({ threadTs }) => threadTs !== null && threadTs !== roots[0]?.ts,
    ).length,
    broadcasts: bot.slack.messages.filter(({ isBroadcast }) => isBroadcast).length,
    problems: [...bot.slack.problems],
  };
  await bot.close();
  return result;
}

describe('any interleaving of a run, its events and Slack’s moods', () => {
  it('ends with the same single card and the same thread as the orderly telling', async () => {
    const orderly = new Map<string, Awaited<ReturnType<typeof told>>>();
    for (const [name, story] of Object.entries(stories)) {
      orderly.set(name, await told(story({}), []));
    }

    await fc.assert(
      fc.asyncProperty(world, async ({ story, steps }) => {
        const result = await told(stories[story]?.({}) ?? [], steps);

        expect(result).toEqual(orderly.get(story));
        expect(result).toMatchObject({ roots: 1, strays: 0, broadcasts: 0, problems: [] });
      }),
      { numRuns: 40, seed: 20_261_122 },
    );
  });
});
