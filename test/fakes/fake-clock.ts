import type { Clock } from '../../pipeline/core/ports.ts';

export interface FakeClock extends Clock {
  /** Moves the time forward. */
  advance(seconds: number): void;
}

/** A clock that stands still until a test moves it. */
export function createFakeClock(start = '2026-11-22T09:00:00.000Z'): FakeClock {
  let now = new Date(start).getTime();
  return {
    now: () => new Date(now),
    advance(seconds) {
      now += seconds * 1000;
    },
  };
}
