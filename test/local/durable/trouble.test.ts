import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { createDurableClient } from '../../../pipeline/local/durable/client.ts';
import { createManualTime, createWorld, DAY, HOUR, SECOND } from './harness.ts';

describe('durable engine in trouble', () => {
  it('fails a handler that takes another path on replay, and says where', async () => {
    let invocations = 0;
    const world = createWorld(async (_input, context) => {
      invocations += 1;
      await context.step(`step ${invocations}`, async () => null);
      await context.wait('pause', { seconds: 1 });
    });

    await world.run();
    await world.advance(SECOND);

    const error = world.engine.describe('run')?.error;
    expect(error?.ErrorType).toBe('NonDeterministicExecutionError');
    expect(error?.ErrorMessage).toContain('Expected name "step 1", but got "step 2"');
  });

  it('fails an execution that asks for what the local engine lacks', async () => {
    const world = createWorld((_input, context) => context.invoke('other-function', {}));

    await world.run();

    expect(world.engine.describe('run')?.error?.ErrorMessage).toContain(
      'context.invoke is not available in the local engine',
    );
  });

  it('fails an execution at its 3001st operation, as the service does', async () => {
    let executed = 0;
    const world = createWorld(async (_input, context) => {
      for (let index = 0; index < 3_001; index += 1) {
        await context.step(`step ${index}`, async () => {
          executed += 1;
        });
      }
    });

    await world.run();

    expect(world.engine.describe('run')).toMatchObject({ status: 'FAILED' });
    expect(world.engine.describe('run')?.error?.ErrorMessage).toContain('at most 3000 operations');
    expect(executed).toBeGreaterThanOrEqual(3_000);
  });

  it('invokes again, later and later, while invocations break off, then fails', async () => {
    const messages: string[] = [];
    const unreachable = () => Promise.reject(new Error('unreachable'));
    const broken = createWorld((_input, context) => context.step('any', async () => 1), {
      client: { checkpoint: unreachable, getExecutionState: unreachable },
      log: ({ message }) => messages.push(message),
    });

    await broken.run();
    const afterFirst = broken.engine.describe('run')?.status;
    await broken.advance(SECOND - 1);
    const beforeSecond = messages.length;
    await broken.advance(HOUR);

    expect(afterFirst).toBe('RUNNING');
    expect(beforeSecond).toBe(1);
    expect(messages).toHaveLength(8);
    expect(broken.engine.describe('run')?.error?.ErrorMessage).toContain('unreachable');
  });

  it('reports a failed execution once, and again after a restart while reporting fails', async () => {
    const reported: string[] = [];
    const logged: string[] = [];
    const handler = async () => {
      throw new Error('broken handler');
    };
    const first = createWorld(handler, {
      onFailure: () => Promise.reject(new Error('Slack is down')),
      log: ({ message }) => logged.push(message),
    });
    await first.run({ a: 1 });

    const second = createWorld(handler, {
      database: first.database,
      onFailure: ({ name, input, error }) =>
        void reported.push(`${name} ${JSON.stringify(input)} ${error.ErrorMessage}`),
    });
    await second.engine.resume();
    await second.engine.resume();

    expect(logged).toEqual(['A failure could not be reported.']);
    expect(reported).toEqual(['run {"a":1} broken handler']);
  });

  it('reports a failed execution again, later and later, while reporting fails', async () => {
    const time = createManualTime();
    const triedAt: number[] = [];
    const start = time.clock.now().getTime();
    const world = createWorld(() => Promise.reject(new Error('broken handler')), {
      time,
      random: () => 1,
      onFailure: () => {
        triedAt.push(time.clock.now().getTime() - start);
        if (triedAt.length < 4) throw new Error('Slack is down');
      },
      log: () => {},
    });

    await world.run();
    await world.advance(HOUR);

    expect(triedAt).toEqual([0, SECOND, 3 * SECOND, 7 * SECOND]);
    expect(time.pending()).toBe(0);
  });

  it('goes on by itself after the database failed for a while', async () => {
    const real = openDatabase(':memory:');
    const time = createManualTime();
    const messages: string[] = [];
    let isBroken = false;
    const exec = (statement: string) => {
      if (isBroken) throw new Error('disk full');
      return real.exec(statement);
    };
    const world = createWorld(
      async (_input, context) => {
        const result = await context.step('work', async () => 'worked');
        isBroken = messages.length === 0;
        return result;
      },
      {
        time,
        client: createDurableClient({ database: real, clock: time.clock }),
        database: new Proxy(real, {
          get: (target, property) =>
            property === 'exec' ? exec : Reflect.get(target, property, target),
        }),
        log: ({ message, execution }) => messages.push(`${execution}: ${message}`),
      },
    );

    await world.run();
    isBroken = false;
    await world.advance(5 * SECOND);

    expect(messages).toEqual(['run: The durable engine cannot use its database.']);
    expect(world.engine.describe('run')).toMatchObject({ status: 'SUCCEEDED', result: 'worked' });
  });

  it('does not retry a step that asks for no retry', async () => {
    let executed = 0;
    const world = createWorld((_input, context) =>
      context.step(
        'once',
        async () => {
          executed += 1;
          throw new Error('no');
        },
        { retryStrategy: () => ({ shouldRetry: false }) },
      ),
    );

    await world.run();
    await world.advance(DAY);

    expect(executed).toBe(1);
  });
});
