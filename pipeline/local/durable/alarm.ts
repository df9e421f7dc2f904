import type { Clock } from '../../core/ports.ts';

/** The timers of the platform, injectable so that tests move time by hand. */
export interface Scheduler {
  setTimeout(work: () => void, milliseconds: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemScheduler: Scheduler = {
  setTimeout: (work, milliseconds) => setTimeout(work, milliseconds),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/**
 * Longest single timer, in milliseconds. setTimeout fires at once beyond 2^31 - 1, and its clock
 * stands still while a laptop sleeps; looking at the wall clock this often bounds how late a due
 * time can be noticed after waking up.
 */
const LONGEST_TIMER_MILLISECONDS = 5 * 60 * 1_000;

export interface Alarm {
  /** Rings once at this epoch millisecond, instead of whenever it was set to before. */
  set(at: number | null): void;
  isSet(): boolean;
}

/** One timer for any number of due times; none while nothing is due. */
export function createAlarm(options: {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onRing: () => void;
}): Alarm {
  const { clock, scheduler, onRing } = options;
  let timer: { readonly at: number; readonly handle: unknown } | null = null;

  function set(at: number | null): void {
    if (timer?.at === at) return;
    if (timer !== null) scheduler.clearTimeout(timer.handle);
    timer = at === null ? null : { at, handle: arm(at) };
  }

  function arm(at: number): unknown {
    const remaining = Math.max(0, at - clock.now().getTime());
    return scheduler.setTimeout(
      () => {
        timer = null;
        if (clock.now().getTime() < at) set(at);
        else onRing();
      },
      Math.min(remaining, LONGEST_TIMER_MILLISECONDS),
    );
  }

  return { set, isSet: () => timer !== null };
}
