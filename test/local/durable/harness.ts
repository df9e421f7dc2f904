import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DurableContext, DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { type Database, openDatabase } from '../../../pipeline/local/database.ts';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';
import { createDurableClient } from '../../../pipeline/local/durable/client.ts';
import type {
  DurableEngine,
  DurableEngineOptions,
} from '../../../pipeline/local/durable/durable-engine.ts';
import { createDurableEngine } from '../../../pipeline/local/durable/engine.ts';

export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const DAY = 24 * HOUR;

/**
 * Time that moves by hand. It starts years ahead of the real clock, so the SDK, which compares
 * due times with Date.now(), never arms a timer of its own.
 */
export interface ManualTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Every delay a timer was asked for, in milliseconds. */
  readonly delays: number[];
  pending(): number;
  /** Milliseconds since the beginning, whatever the wall clock says. */
  elapsed(): number;
  /** Sets the wall clock forth or back, which no timer notices. */
  setClock(milliseconds: number): void;
  /** Moves on by `milliseconds`, firing timers in order; after each, `settled` is awaited. */
  advance(milliseconds: number, settled?: () => Promise<void>): Promise<void>;
  /** Moves to the next timer and fires it; false when there is none. */
  next(settled?: () => Promise<void>): Promise<boolean>;
}

export function createManualTime(start = Date.UTC(2040, 0, 1)): ManualTime {
  let now = start;
  let offset = 0;
  const timers = new Set<{ readonly at: number; readonly work: () => void }>();
  const delays: number[] = [];
  const earliest = () => [...timers].sort((one, other) => one.at - other.at)[0];
  const nothing = async () => {};

  async function next(settled = nothing): Promise<boolean> {
    const timer = earliest();
    if (timer === undefined) return false;
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.work();
    await settled();
    return true;
  }

  return {
    clock: { now: () => new Date(now + offset) },
    scheduler: {
      setTimeout(work, milliseconds) {
        delays.push(milliseconds);
        const timer = { at: now + milliseconds, work };
        timers.add(timer);
        return timer;
      },
      clearTimeout: (handle) => void timers.delete(handle as never),
    },
    delays,
    pending: () => timers.size,
    elapsed: () => now - start,
    setClock(milliseconds) {
      offset += milliseconds;
    },
    next,
    async advance(milliseconds, settled = nothing) {
      const end = now + milliseconds;
      for (let timer = earliest(); timer !== undefined && timer.at <= end; timer = earliest()) {
        await next(settled);
      }
      now = end;
      await settled();
    },
  };
}

export type Handler<Input> = (input: Input, context: DurableContext) => Promise<unknown>;

export interface World {
  readonly database: Database;
  readonly time: ManualTime;
  readonly client: DurableExecutionClient;
  readonly engine: DurableEngine;
  advance(milliseconds: number): Promise<void>;
  /** Starts an execution called `run` and waits until it ended or parked. */
  run(input?: unknown): Promise<void>;
}

/** One engine on a database of its own (in memory unless given), with time moved by hand. */
export function createWorld<Input>(
  handler: Handler<Input>,
  options: Partial<DurableEngineOptions> & { readonly time?: ManualTime } = {},
): World {
  const { time = createManualTime(), database = openDatabase(':memory:'), ...rest } = options;
  const { clock, scheduler } = time;
  const client = rest.client ?? createDurableClient({ database, clock });
  const engine = createDurableEngine({
    handler: handler as Handler<never>,
    random: () => 1,
    ...rest,
    database,
    clock,
    scheduler,
    client,
  });
  return {
    database,
    time,
    client,
    engine,
    advance: (milliseconds) => time.advance(milliseconds, () => engine.idle()),
    async run(input = {}) {
      await engine.start({ name: 'run', input });
      await engine.idle();
    },
  };
}

/** A folder that lives as long as the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'durable-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
