import { StepSemantics } from '@aws/durable-execution-sdk-js';
import { describe, expect, it, vi } from 'vitest';
import { createExecutionStore } from '../../../pipeline/local/durable/execution-store.ts';
import { createManualTime, createWorld, DAY, type Handler, HOUR, SECOND } from './harness.ts';

const waitADay: Handler<unknown> = (_input, context) => context.wait('day', { days: 1 });

/** A step that ends when the test says so. */
function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let enter = () => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  return {
    entered,
    open,
    async pass() {
      enter();
      await opened;
    },
  };
}

describe('starting', () => {
  it('starts one execution per name, however often the same start arrives', async () => {
    let invocations = 0;
    const world = createWorld(async () => {
      invocations += 1;
    });

    await Promise.all([
      world.engine.start({ name: 'run', input: { a: 1 } }),
      world.engine.start({ name: 'run', input: { a: 1 } }),
    ]);
    await world.engine.idle();
    await world.run({ a: 1 });

    expect(invocations).toBe(1);
  });

  it('refuses the name of another start', async () => {
    const world = createWorld(async () => null);
    await world.run({ a: 1 });

    const start = world.engine.start({ name: 'run', input: { a: 2 } });

    await expect(start).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'run was already started with another input.',
    });
  });

  it.each(['', 'a b', 'x'.repeat(65), 'a/b', 'ä'])('refuses the name %j', async (name) => {
    const world = createWorld(async () => null);

    const start = world.engine.start({ name, input: {} });

    await expect(start).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses an input the service would refuse', async () => {
    const world = createWorld(async () => null);

    const start = world.engine.start({ name: 'run', input: 'x'.repeat(256 * 1024) });

    await expect(start).rejects.toThrow('above 262144 bytes');
  });
});

describe('stopping', () => {
  it('ends a parked execution with its reason', async () => {
    const world = createWorld(waitADay);
    await world.run();

    await world.engine.stop('run', 'not needed any more');
    await world.advance(2 * DAY);

    expect(world.engine.describe('run')).toMatchObject({
      status: 'STOPPED',
      error: { ErrorMessage: 'not needed any more' },
    });
    expect(world.time.pending()).toBe(0);
  });

  it('lets a running invocation write nothing more', async () => {
    const gate = createGate();
    const executed: string[] = [];
    const world = createWorld(async (_input, context) => {
      await context.step('slow', () => gate.pass(), {
        semantics: StepSemantics.AtMostOncePerRetry,
      });
      await context.step('next', async () => executed.push('next'));
    });
    await world.engine.start({ name: 'run', input: {} });
    await gate.entered;

    await world.engine.stop('run', 'stop');
    gate.open();
    await world.engine.idle();

    const description = world.engine.describe('run');
    expect(executed).toEqual([]);
    expect(description?.status).toBe('STOPPED');
    expect(description?.operations.map(({ Status }) => Status)).toEqual(['STARTED']);
  });

  it('changes nothing about an execution that ended or never was', async () => {
    const world = createWorld(async () => 'done');
    await world.run();

    await world.engine.stop('run', 'late');
    await world.engine.stop('unknown', 'late');

    expect(world.engine.describe('run')).toMatchObject({ status: 'SUCCEEDED', error: null });
    expect(world.engine.describe('unknown')).toBeNull();
  });
});

describe('resuming', () => {
  it('fires at once what became due while no process ran', async () => {
    const time = createManualTime();
    const before = createWorld(waitADay, { time });
    await before.run();
    await before.engine.close({ timeoutMilliseconds: SECOND });
    await time.advance(3 * DAY);

    const after = createWorld(waitADay, { time, database: before.database });
    await after.engine.resume();
    await after.engine.idle();

    expect(after.engine.describe('run')?.status).toBe('SUCCEEDED');
  });

  it('keeps to the due time that was stored when it has not come yet', async () => {
    const time = createManualTime();
    const before = createWorld(waitADay, { time });
    await before.run();
    await before.engine.close({ timeoutMilliseconds: SECOND });
    await time.advance(23 * HOUR);

    const after = createWorld(waitADay, { time, database: before.database });
    await after.engine.resume();
    await after.advance(HOUR - 1);
    const early = after.engine.describe('run')?.status;
    await after.advance(1);

    expect([early, after.engine.describe('run')?.status]).toEqual(['RUNNING', 'SUCCEEDED']);
  });

  it('fences off an engine that goes on although another one took over', async () => {
    const gate = createGate();
    const messages: string[] = [];
    const time = createManualTime();
    let lives = 0;
    const handler: Handler<unknown> = async (_input, context) => {
      lives += 1;
      const life = lives;
      await context.step('slow', async () => (life === 1 ? gate.pass() : undefined));
      await context.wait('day', { days: 1 });
      return life;
    };
    const first = createWorld(handler, { time, log: ({ message }) => messages.push(message) });
    await first.engine.start({ name: 'run', input: {} });
    await gate.entered;
    const second = createWorld(handler, { time, database: first.database });
    await second.engine.resume();
    await second.engine.idle();
    const executions = createExecutionStore(first.database);
    const parked = executions.byName('run');

    gate.open();
    await first.engine.idle();

    expect(messages).toEqual(['An invocation broke off.']);
    expect(executions.byName('run')).toEqual(parked);
    expect(parked).toMatchObject({ status: 'RUNNING', crashes: 0 });
  });

  it('forgets executions that ended longer ago than the retention', async () => {
    const world = createWorld(async (_input, context) => context.step('a', async () => 1), {
      retentionDays: 3,
    });
    await world.run();

    await world.advance(3 * DAY);
    await world.engine.resume();
    const within = world.engine.describe('run')?.status;
    await world.advance(1);
    await world.engine.resume();

    const { left } = world.database
      .prepare('SELECT count(*) AS left FROM durable_operations')
      .get() as { left: number };
    expect(within).toBe('SUCCEEDED');
    expect(world.engine.list()).toEqual([]);
    expect(left).toBe(0);
  });
});

describe('closing', () => {
  it('waits for the current step, keeps its result and starts no other', async () => {
    const gate = createGate();
    const executed: string[] = [];
    const handler: Handler<unknown> = async (_input, context) => {
      await context.step('first', async () => {
        executed.push('first');
        await gate.pass();
      });
      await context.step('second', async () => executed.push('second'));
    };
    const before = createWorld(handler);
    await before.engine.start({ name: 'run', input: {} });
    await gate.entered;

    const closing = before.engine.close({ timeoutMilliseconds: HOUR });
    gate.open();
    await closing;
    const atClose = [...executed];
    const after = createWorld(handler, { database: before.database });
    await after.engine.resume();
    await after.engine.idle();

    expect(atClose).toEqual(['first']);
    expect(executed).toEqual(['first', 'second']);
    expect(after.engine.describe('run')?.status).toBe('SUCCEEDED');
  });

  it('fences off a step that outlasts the timeout; the next process repeats it', async () => {
    const gate = createGate();
    let lives = 0;
    const handler: Handler<unknown> = (_input, context) =>
      context.step('slow', async () => {
        lives += 1;
        if (lives === 1) await gate.pass();
        return lives;
      });
    const before = createWorld(handler);
    await before.engine.start({ name: 'run', input: {} });
    await gate.entered;

    const closing = before.engine.close({ timeoutMilliseconds: SECOND });
    await before.time.advance(SECOND);
    await closing;
    gate.open();
    await vi.waitFor(() => expect(before.engine.stats().invocations).toBe(0));
    const atClose = before.engine.describe('run')?.operations.map(({ Status }) => Status);
    const after = createWorld(handler, { database: before.database });
    await after.engine.resume();
    await after.engine.idle();

    expect(atClose).not.toContain('SUCCEEDED');
    expect(after.engine.describe('run')).toMatchObject({ status: 'SUCCEEDED', result: 2 });
  });

  it('refuses commands afterwards and leaves no timer', async () => {
    const world = createWorld(waitADay);
    await world.run();

    await world.engine.close({ timeoutMilliseconds: SECOND });

    await expect(world.engine.start({ name: 'other', input: {} })).rejects.toMatchObject({
      code: 'CONFLICT',
      retryable: true,
    });
    await expect(world.engine.succeedCallback('any', '')).rejects.toThrow('shutting down');
    expect(world.time.pending()).toBe(0);
  });
});
