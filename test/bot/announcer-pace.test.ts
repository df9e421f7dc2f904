import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAnnouncer } from '../../bot/announcer/announcer.ts';
import { createManualTime, DAY } from '../local/durable/harness.ts';
import { testConfig } from './bot-harness.ts';
import { createFakePipeline } from './fake-pipeline.ts';
import { sample } from './sample.ts';

const SECONDS = 1_000;

/** Runs in training over time that moves by hand; `edits` is what Slack would be asked for. */
async function startTrainings(...ids: readonly string[]) {
  const { clock, scheduler, advance, elapsed, setClock } = createManualTime();
  const begin = clock.now().getTime();
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const edits: { at: number; id: string; step: number; isForced: boolean }[] = [];
  const announcer = createAnnouncer({
    pipeline,
    clock,
    announceRun: async ({ id, training }, force) => {
      const at = (clock.now().getTime() - begin) / SECONDS;
      edits.push({ at, id, step: training?.step ?? 0, isForced: force?.has('root') === true });
      // A call takes a while: what others do meanwhile must keep the pace too.
      await settle();
    },
    announceAlert: async () => {},
    announceNotice: async () => {},
    pace: {
      progressMilliseconds: 3 * SECONDS,
      elapsed,
      wait: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const timer = scheduler.setTimeout(resolve, milliseconds);
          signal.addEventListener('abort', () => {
            scheduler.clearTimeout(timer);
            reject(signal.reason);
          });
        }),
      random: () => 0.5,
    },
    log: () => {},
  });
  onTestFinished(() => announcer.close());
  const { training, ...run } = sample('training');
  const reach = (id: string, step: number) => {
    pipeline.put({ ...run, id, revision: step, training: training && { ...training, step } });
    announcer.onEvent(id);
  };
  for (const id of ids) reach(id, 1);
  await announcer.idle();
  edits.splice(0);
  return {
    pipeline,
    announcer,
    edits,
    reach,
    setClock,
    async advance(seconds: number) {
      await settle();
      await advance(seconds * SECONDS, settle);
    },
  };
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

describe('edits of progress', () => {
  it('come one every 3 s over all runs of the channel, and end with the last step of each', async () => {
    const ids = ['spam-one', 'spam-two', 'spam-three'];
    const { edits, reach, advance } = await startTrainings(...ids);

    for (let step = 2; step <= 60; step += 1) {
      for (const id of ids) reach(id, step);
      await advance(0.5);
    }
    await advance(60);

    const pauses = edits.slice(1).map(({ at }, index) => at - (edits[index]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3);
    for (const id of ids) {
      const shown = edits.filter((edit) => edit.id === id).map(({ step }) => step);
      expect(shown.at(-1)).toBe(60);
      // In 30 s there are ten turns; each run gets its share of them.
      expect(shown.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('do not hold up a click on the card', async () => {
    const { announcer, edits, reach, advance } = await startTrainings('spam-one', 'spam-two');
    reach('spam-one', 2);
    reach('spam-two', 2);
    await advance(1);

    announcer.onEvent('spam-two', { redraw: true });
    await advance(1);

    expect(edits).toEqual([
      { at: 0, id: 'spam-one', step: 2, isForced: false },
      { at: 1, id: 'spam-two', step: 2, isForced: true },
    ]);
  });

  it('do not hold up a change of state', async () => {
    const { announcer, pipeline, edits, reach, advance } = await startTrainings('spam-one');
    reach('spam-one', 2);
    await advance(1);
    reach('spam-one', 3);
    await advance(0.5);

    pipeline.put({ ...sample('interrupted'), id: 'spam-one', revision: 4 });
    announcer.onEvent('spam-one');
    await advance(60);

    expect(edits.map(({ at }) => at)).toEqual([0, 1.5]);
  });

  it('go on though the clock was set back a day', async () => {
    const { edits, reach, advance, setClock } = await startTrainings('spam-one');
    reach('spam-one', 2);
    await advance(1);
    setClock(-DAY);
    reach('spam-one', 3);
    await advance(4);

    expect(edits.at(-1)).toMatchObject({ step: 3 });
  });
});
