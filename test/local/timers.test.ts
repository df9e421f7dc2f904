import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createThrottle } from '../../pipeline/local/timers.ts';

describe('createThrottle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function failingWork() {
    const disk = { isFull: true, written: 0 };
    const throttle = createThrottle(500, () => {
      if (disk.isFull) throw new Error('SQLITE_FULL');
      disk.written += 1;
    });
    return { disk, throttle };
  }

  it('repeats work that failed until it is done, once', () => {
    const { disk, throttle } = failingWork();

    throttle.call();
    vi.advanceTimersByTime(2000);
    disk.isFull = false;
    vi.advanceTimersByTime(2000);

    expect(disk.written).toBe(1);
  });

  it('does work that failed at the flush, which throws when it fails again', () => {
    const { disk, throttle } = failingWork();
    throttle.call();

    expect(() => throttle.flush()).toThrow('SQLITE_FULL');
    throttle.call();
    disk.isFull = false;
    throttle.flush();

    expect(disk.written).toBe(1);
  });
});
