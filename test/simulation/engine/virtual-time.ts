import type { Clock } from '../../../pipeline/core/ports.ts';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';

/** When every simulated world begins. */
const START = Date.UTC(2026, 0, 5, 9);

/**
 * The only clock, timers and random numbers of the process while a world runs. Everything else is
 * promises, which Node runs in a fixed order, so the same seed gives the same history.
 */
export interface VirtualTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Milliseconds since the world began. */
  elapsed(): number;
  /** Calls `work` after so many milliseconds; the result cancels it. */
  after(milliseconds: number, work: () => void): () => void;
  /** Lets the clock that the product reads run ahead of (or behind) the timers from now on. */
  jump(milliseconds: number): void;
  /** Fires timers in order until this moment, or until nothing is left; then it is that moment. */
  runUntil(elapsedMilliseconds: number): Promise<void>;
  /** Gives the process its own clock, timers and random numbers back. */
  uninstall(): void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

const realSetImmediate = globalThis.setImmediate;

/** So many timers fire before the process does what else it has to do, unless a world says otherwise. */
const TIMERS_AT_ONCE = 200;

/** Runs everything that waits for promises, as Node does after each of its own timers. */
const settle = (process as unknown as { readonly _tickCallback: () => void })._tickCallback;

/** Replaces the clock, timers and `Math.random` of this process. */
export function installVirtualTime(options: {
  readonly random: () => number;
  readonly timersAtOnce?: number;
}): VirtualTime {
  const { timersAtOnce = TIMERS_AT_ONCE } = options;
  let now = START;
  let offset = 0;
  let orders = 0;
  const timers = new Set<Timer>();

  function add(work: () => void, wait: number): Timer {
    const timer = { at: now + wait, order: orders++, work };
    timers.add(timer);
    return timer;
  }

  /** As Node does, a millisecond at least: a fraction of one might not move the time. */
  function set(work: () => void, milliseconds: number): Timer {
    return add(work, milliseconds >= 1 && Number.isFinite(milliseconds) ? milliseconds : 1);
  }

  function earliest(): Timer | null {
    let first: Timer | null = null;
    for (const timer of timers) {
      if (first === null || timer.at < first.at) first = timer;
      else if (timer.at === first.at && timer.order < first.order) first = timer;
    }
    return first;
  }

  const restore = replaceGlobals({
    now: () => now + offset,
    random: options.random,
    set,
    setNow: (work) => add(work, 0),
    clear: (timer) => void timers.delete(timer),
  });

  return {
    clock: { now: () => new Date(now + offset) },
    scheduler: {
      setTimeout: (work, milliseconds) => set(work, milliseconds),
      clearTimeout: (handle) => void timers.delete(handle as Timer),
    },
    elapsed: () => now - START,
    after(milliseconds, work) {
      const timer = set(work, milliseconds);
      return () => void timers.delete(timer);
    },
    jump(milliseconds) {
      offset += milliseconds;
    },
    runUntil(elapsedMilliseconds) {
      const end = START + elapsedMilliseconds;
      return new Promise((resolve, reject) => {
        function fire(): void {
          try {
            for (let fired = 0; fired < timersAtOnce; fired++) {
              const timer = earliest();
              if (timer === null || timer.at > end) {
                now = Math.max(now, end);
                resolve();
                return;
              }
              timers.delete(timer);
              now = Math.max(now, timer.at);
              timer.work();
              settle();
            }
            realSetImmediate(fire);
          } catch (error) {
            reject(error);
          }
        }
        realSetImmediate(fire);
      });
    },
    uninstall: restore,
  };
}

/** What has a handle like Node's, for code that calls `unref` or `ref` on it. */
interface Handle {
  readonly timer: Timer;
  unref(): Handle;
  ref(): Handle;
  hasRef(): boolean;
  refresh(): Handle;
  [Symbol.toPrimitive](): number;
}

function replaceGlobals(virtual: {
  readonly now: () => number;
  readonly random: () => number;
  readonly set: (work: () => void, milliseconds: number) => Timer;
  readonly setNow: (work: () => void) => Timer;
  readonly clear: (timer: Timer) => void;
}): () => void {
  const { setTimeout, clearTimeout, setImmediate, clearImmediate, Date: RealDate } = globalThis;
  const { random } = Math;
  const { timeout } = AbortSignal;

  class VirtualDate extends RealDate {
    constructor(...values: readonly unknown[]) {
      if (values.length === 0) super(virtual.now());
      else super(...(values as [string]));
    }
    static override now = virtual.now;
  }

  const toHandle = (timer: Timer): Handle => {
    const handle: Handle = {
      timer,
      unref: () => handle,
      ref: () => handle,
      hasRef: () => true,
      refresh: () => handle,
      [Symbol.toPrimitive]: () => timer.order,
    };
    return handle;
  };

  globalThis.Date = VirtualDate as DateConstructor;
  globalThis.setTimeout = Object.assign(
    (work: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
      toHandle(virtual.set(() => work(...args), milliseconds)),
    setTimeout,
  ) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((handle?: Handle) => {
    if (handle?.timer !== undefined) virtual.clear(handle.timer);
  }) as typeof clearTimeout;
  globalThis.setImmediate = ((work: (...args: unknown[]) => void, ...args: unknown[]) =>
    toHandle(virtual.setNow(() => work(...args)))) as unknown as typeof setImmediate;
  globalThis.clearImmediate = globalThis.clearTimeout as never;
  Math.random = virtual.random;
  // A call that never ends is a fault of its own; a real timer would end it at any moment.
  AbortSignal.timeout = () => new AbortController().signal;

  return () => {
    globalThis.Date = RealDate;
    globalThis.setTimeout = setTimeout;
    globalThis.clearTimeout = clearTimeout;
    globalThis.setImmediate = setImmediate;
    globalThis.clearImmediate = clearImmediate;
    Math.random = random;
    AbortSignal.timeout = timeout;
  };
}
