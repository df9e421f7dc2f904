import { CallbackTimeoutError, type DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { createDurableClient } from '../../../pipeline/local/durable/client.ts';
import { createManualTime, createWorld, type Handler, HOUR, type World } from './harness.ts';

/** Asks, remembers the callback id under `ids`, and answers what came back. */
function createAsking(onAsk: (callbackId: string) => Promise<unknown> | unknown = () => {}) {
  const ids: string[] = [];
  const handler: Handler<unknown> = async (_input, context) => {
    try {
      return await context.waitForCallback(
        'approval',
        async (callbackId) => {
          ids.push(callbackId);
          await onAsk(callbackId);
        },
        { timeout: { hours: 1 } },
      );
    } catch (error) {
      const kind = error instanceof CallbackTimeoutError ? 'timed out' : 'failed';
      return `${kind}: ${(error as Error).message}`;
    }
  };
  return { handler, id: () => ids[0] ?? 'none', ids };
}

describe('callbacks', () => {
  it('wakes a parked execution with the payload, at once', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    const reply = await world.engine.succeedCallback(asking.id(), '{"yes":true}');
    await world.engine.idle();

    expect(reply).toEqual({ accepted: true });
    expect(world.engine.describe('run')?.result).toBe('{"yes":true}');
    expect(asking.ids).toHaveLength(1);
  });

  it('takes an answer that comes before the execution has parked', async () => {
    const replies: unknown[] = [];
    const asking = createAsking(async (callbackId) => {
      replies.push(await world.engine.succeedCallback(callbackId, 'early'));
    });
    const world: World = createWorld(asking.handler);

    await world.run();

    expect(replies).toEqual([{ accepted: true }]);
    expect(world.engine.describe('run')?.result).toBe('early');
  });

  it('loses no answer that comes while the execution is parking', async () => {
    const time = createManualTime();
    const database = openDatabase(':memory:');
    const inner = createDurableClient({ database, clock: time.clock });
    const asking = createAsking();
    const client: DurableExecutionClient = {
      ...inner,
      async checkpoint(request) {
        const response = await inner.checkpoint(request);
        // The last checkpoint before parking: its response cannot tell of the answer any more.
        if (request.Updates?.some(({ Type, Action }) => Type === 'STEP' && Action === 'SUCCEED')) {
          await world.engine.succeedCallback(asking.id(), 'in between');
        }
        return response;
      },
    };
    const world: World = createWorld(asking.handler, { time, database, client });

    await world.run();

    expect(world.engine.describe('run')?.result).toBe('in between');
  });

  it('loses no answer while several executions are parking', async () => {
    const time = createManualTime();
    const database = openDatabase(':memory:');
    const inner = createDurableClient({ database, clock: time.clock });
    const asking = createAsking();
    const client: DurableExecutionClient = {
      ...inner,
      async checkpoint(request) {
        const response = await inner.checkpoint(request);
        if (request.Updates?.some(({ Type, Action }) => Type === 'STEP' && Action === 'SUCCEED')) {
          for (const id of asking.ids) await world.engine.succeedCallback(id, 'in between');
        }
        return response;
      },
    };
    const world: World = createWorld(asking.handler, { time, database, client });
    const names = ['one', 'two', 'three', 'four'];

    await Promise.all(names.map((name) => world.engine.start({ name, input: {} })));
    await world.engine.idle();

    const results = names.map((name) => world.engine.describe(name)?.result);
    expect(results).toEqual(names.map(() => 'in between'));
  });

  it('accepts one answer only', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    const replies = await Promise.all([
      world.engine.succeedCallback(asking.id(), 'first'),
      world.engine.succeedCallback(asking.id(), 'second'),
      world.engine.failCallback(asking.id(), { ErrorMessage: 'third' }),
    ]);
    await world.engine.idle();

    expect(replies.map(({ accepted }) => accepted)).toEqual([true, false, false]);
    expect(world.engine.describe('run')?.result).toBe('first');
  });

  it('hands an error to the handler', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    await world.engine.failCallback(asking.id(), { ErrorMessage: 'refused' });
    await world.engine.idle();

    expect(world.engine.describe('run')?.result).toBe('failed: refused');
  });

  it('times out exactly when it is due, and takes no answer afterwards', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    await world.advance(HOUR - 1);
    const early = world.engine.describe('run')?.status;
    await world.advance(1);
    const reply = await world.engine.succeedCallback(asking.id(), 'late');

    expect(early).toBe('RUNNING');
    expect(reply).toEqual({ accepted: false });
    expect(world.engine.describe('run')?.result).toBe('timed out: Callback timed out');
  });

  it('is closed once due, even before anybody noticed', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();
    await world.engine.close({ timeoutMilliseconds: 0 });
    await world.time.advance(HOUR);

    const later = createWorld(asking.handler, { database: world.database, time: world.time });
    const reply = await later.engine.succeedCallback(asking.id(), 'late');
    await later.engine.resume();
    await later.engine.idle();

    expect(reply).toEqual({ accepted: false });
    expect(later.engine.describe('run')?.result).toBe('timed out: Callback timed out');
  });

  it('is unknown, without an error, to whoever guesses', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    const reply = await world.engine.succeedCallback('guess', '{}');

    expect(reply).toEqual({ accepted: false });
    expect(asking.id()).toMatch(/^[\w-]{43}$/);
  });

  it('is closed when its execution was stopped', async () => {
    const asking = createAsking();
    const world = createWorld(asking.handler);
    await world.run();

    await world.engine.stop('run', 'enough');

    expect(await world.engine.succeedCallback(asking.id(), 'yes')).toEqual({ accepted: false });
  });

  it('refuses an answer the service would find too large', async () => {
    const world = createWorld(createAsking().handler);

    const answering = world.engine.succeedCallback('any', 'x'.repeat(256 * 1024 + 1));

    await expect(answering).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
