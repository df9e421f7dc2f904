import { createRetryStrategy } from '@aws/durable-execution-sdk-js';
import { describe, expect, it } from 'vitest';
import { createWorld, DAY, HOUR, SECOND } from './harness.ts';

describe('durable engine', () => {
  it('runs a handler to its result', async () => {
    const world = createWorld(async (input: { n: number }, context) => {
      const doubled = await context.step('double', async () => input.n * 2);
      return { doubled };
    });

    await world.run({ n: 21 });

    expect(world.engine.describe('run')).toMatchObject({
      status: 'SUCCEEDED',
      input: { n: 21 },
      result: { doubled: 42 },
      error: null,
    });
  });

  it('replays the results of finished steps instead of executing them again', async () => {
    const executed: string[] = [];
    let invocations = 0;
    const world = createWorld(async (_input, context) => {
      invocations += 1;
      const first = await context.step('first', async () => executed.push('first'));
      await context.wait('pause', { seconds: 60 });
      const second = await context.step('second', async () => executed.push('second'));
      return [first, second];
    });

    await world.run();
    await world.advance(60 * SECOND);

    expect(invocations).toBe(2);
    expect(executed).toEqual(['first', 'second']);
    expect(world.engine.describe('run')?.result).toEqual([1, 2]);
  });

  it('parks on a wait and goes on exactly when it is due', async () => {
    const world = createWorld((_input, context) => context.wait('days', { days: 40 }));

    await world.run();
    await world.advance(40 * DAY - 1);
    const before = world.engine.describe('run')?.status;
    await world.advance(1);

    expect(before).toBe('RUNNING');
    expect(world.engine.describe('run')?.status).toBe('SUCCEEDED');
    expect(Math.max(...world.time.delays)).toBeLessThan(2 ** 31);
  });

  it('goes on when a callback is answered that expired as the clock was set forth', async () => {
    const world = createWorld(async (_input, context) => {
      await context.waitForCallback('job', async (id) => void ids.push(id), {
        timeout: { minutes: 1 },
      });
    });
    const ids: string[] = [];
    world.time.setClock(-DAY);
    await world.run();
    world.time.setClock(DAY);

    const { accepted } = await world.engine.succeedCallback(ids[0] ?? '', '');
    await world.engine.idle();

    expect(accepted).toBe(false);
    expect(world.engine.describe('run')?.status).not.toBe('RUNNING');
  });

  it('retries a failing step after the delay its strategy asks for', async () => {
    const attempts: number[] = [];
    const world = createWorld((_input, context) =>
      context.step(
        'flaky',
        async ({ attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new Error('not yet');
          return 'done';
        },
        { retryStrategy: (_error, attempt) => ({ shouldRetry: true, delay: { hours: attempt } }) },
      ),
    );

    await world.run();
    await world.advance(HOUR - 1);
    const afterAlmostAnHour = [...attempts];
    await world.advance(1);
    const afterAnHour = [...attempts];
    await world.advance(2 * HOUR);

    expect([afterAlmostAnHour, afterAnHour, attempts]).toEqual([[1], [1, 2], [1, 2, 3]]);
    expect(world.engine.describe('run')?.result).toBe('done');
  });

  it('fails the execution with the error of a step that runs out of attempts', async () => {
    const world = createWorld((_input, context) =>
      context.step(
        'broken',
        async () => {
          throw new RangeError('no such bucket');
        },
        { retryStrategy: createRetryStrategy({ maxAttempts: 2 }) },
      ),
    );

    await world.run();
    await world.advance(HOUR);

    expect(world.engine.describe('run')).toMatchObject({
      status: 'FAILED',
      error: { ErrorMessage: 'no such bucket' },
    });
  });

  it('polls a condition with the delays of its strategy and keeps its state between polls', async () => {
    const world = createWorld((_input, context) =>
      context.waitForCondition('job', async (polls: number) => polls + 1, {
        initialState: 0,
        waitStrategy: (polls) =>
          polls < 3 ? { shouldContinue: true, delay: { minutes: 10 } } : { shouldContinue: false },
      }),
    );

    await world.run();
    await world.advance(HOUR);

    expect(world.engine.describe('run')?.result).toBe(3);
  });

  it('runs branches side by side, each waiting for itself', async () => {
    const order: string[] = [];
    const world = createWorld(async (_input, context) => {
      const branches = await context.parallel('branches', [
        async (branch) => {
          await branch.wait('long', { seconds: 30 });
          return branch.step('slow', async () => order.push('slow'));
        },
        async (branch) => {
          await branch.wait('short', { seconds: 10 });
          return branch.step('fast', async () => order.push('fast'));
        },
      ]);
      return branches.getResults();
    });

    await world.run();
    await world.advance(10 * SECOND);
    const after10 = [...order];
    await world.advance(20 * SECOND);

    expect(after10).toEqual(['fast']);
    expect(world.engine.describe('run')?.result).toEqual([2, 1]);
  });

  it('maps over items and nests child contexts', async () => {
    const world = createWorld(async (input: { items: number[] }, context) => {
      const squares = await context.map('squares', input.items, (item, value) =>
        item.step('square', async () => value * value),
      );
      return context.runInChildContext('sum', async (child) => {
        await child.wait('pause', { seconds: 1 });
        return child.step('add', async () =>
          squares.getResults().reduce((sum, value) => sum + value, 0),
        );
      });
    });

    await world.run({ items: [1, 2, 3] });
    await world.advance(SECOND);

    expect(world.engine.describe('run')?.result).toBe(14);
  });

  it('rebuilds a child context whose result is too large to store', async () => {
    let executed = 0;
    const world = createWorld(async (_input, context) => {
      const parts = await context.runInChildContext('large', async (child) => {
        const texts: string[] = [];
        for (const letter of ['a', 'b']) {
          texts.push(
            await child.step(letter, async () => {
              executed += 1;
              return letter.repeat(200_000);
            }),
          );
        }
        return texts;
      });
      await context.wait('pause', { seconds: 1 });
      return parts.map((text) => text.length);
    });

    await world.run();
    await world.advance(SECOND);

    expect(world.engine.describe('run')?.result).toEqual([200_000, 200_000]);
    expect(executed).toBe(2);
  });

  it('keeps a result above the size of a Lambda response', async () => {
    const world = createWorld(async () => 'x'.repeat(7 * 1024 * 1024));

    await world.run();

    const description = world.engine.describe('run');
    expect(description?.status).toBe('SUCCEEDED');
    expect(String(description?.result).length).toBe(7 * 1024 * 1024);
  });

  it('keeps nothing in memory for executions that ended or are parked', async () => {
    const world = createWorld(async (input: { park: boolean }, context) => {
      for (let index = 0; index < 10; index += 1) {
        await context.step(`step ${index}`, async () => index);
      }
      if (input.park) await context.wait('forever', { days: 1 });
    });

    for (let index = 0; index < 200; index += 1) {
      await world.engine.start({ name: `run-${index}`, input: { park: index % 10 === 0 } });
    }
    const during = world.engine.stats();
    await world.engine.idle();

    expect(during.invocations).toBe(200);
    expect(world.engine.stats()).toEqual({ invocations: 0, timers: 1, waiters: 0 });
    expect(world.time.pending()).toBe(1);
    expect(world.engine.list({ status: 'SUCCEEDED' })).toHaveLength(180);
  });
});
