import { describe, expect, it } from 'vitest';
import { typedRequestId } from '../../pipeline/core/typed-request.ts';
import { createFlowWorld } from './world.ts';

describe('the same words, typed again', () => {
  async function typedTwice(secondsBetween: number, options: { readonly ends?: boolean } = {}) {
    const world = createFlowWorld();
    world.jobs.plan(() =>
      options.ends === true ? { status: 'Failed', reason: 'broken' } : 'running',
    );
    const type = (words: string) =>
      world.retrain(typedRequestId(words, world.clock.now().getTime() / 1000));
    // Ten seconds before a minute is over.
    const seconds = (world.clock.now().getTime() / 1000) % 60;
    await world.advance(50 - seconds + (seconds > 50 ? 60 : 0));
    const first = await type('a');
    await world.advance(secondsBetween);
    return { world, type, first };
  }

  it.each([5, 30, 59])('%i s later start nothing, also across a full minute', async (seconds) => {
    const { world, type, first } = await typedTwice(seconds);

    expect(await type('a')).toBe(first);
    expect(world.jobs.specs).toHaveLength(1);
  });

  it('61 s later start another run, as other words do at once', async () => {
    const { world, type, first } = await typedTwice(61);

    expect(await type('a')).not.toBe(first);
    expect(await type('b')).not.toBe(first);
    expect(world.jobs.specs).toHaveLength(3);
  });

  it('start another run when the first has failed by then', async () => {
    const { type, first } = await typedTwice(30, { ends: true });

    expect(await type('a')).not.toBe(first);
  });
});
