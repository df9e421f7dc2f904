import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlertWatch } from '../../pipeline/local/alert-watch.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00.000Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

function makeWatch() {
  const looks: string[] = [];
  const logged: LogEntry[] = [];
  const mutes: (string | null)[] = [];
  let failure: Error | null = null;
  const watch = createAlertWatch({
    seconds: 10,
    clock: { now: () => new Date() },
    log: (entry) => logged.push(entry),
    watch: async () => {
      looks.push(new Date().toISOString().slice(14, 19));
      const error = failure;
      failure = null;
      if (error !== null) throw error;
      return { nextMuteEnd: mutes.shift() ?? null };
    },
  });
  return {
    watch,
    looks,
    logged,
    mutes,
    failOnce: (error: Error) => {
      failure = error;
    },
  };
}

describe('createAlertWatch', () => {
  it('looks once, a little after many requests, and keeps no timer while idle', async () => {
    const { watch, looks } = makeWatch();

    for (let i = 0; i < 50; i += 1) watch.onTraffic();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(looks).toEqual(['00:10']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('looks again when the next mute is over', async () => {
    const { watch, looks, mutes } = makeWatch();
    mutes.push('2026-11-22T09:20:00.000Z');

    watch.look();
    await vi.advanceTimersByTimeAsync(30 * 60_000);

    expect(looks).toEqual(['00:00', '20:00']);
  });

  it('looks again a minute after a look that failed, and says so', async () => {
    const { watch, looks, logged, failOnce } = makeWatch();
    failOnce(new Error('locked'));

    watch.look();
    await vi.advanceTimersByTimeAsync(10 * 60_000);

    expect(looks).toEqual(['00:00', '01:00']);
    expect(logged).toMatchObject([{ message: 'The endpoints could not be checked.' }]);
  });

  it('does nothing after close', async () => {
    const { watch, looks } = makeWatch();
    watch.onTraffic();

    await watch.close();
    watch.onTraffic();
    watch.look();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(looks).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
