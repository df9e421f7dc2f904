import type { Clock } from '../core/ports.ts';
import type { Instant } from '../core/run.ts';
import type { Log } from './log.ts';
import { after } from './timers.ts';

/** Pause after a look that failed. */
const RETRY_SECONDS = 60;

export interface AlertWatch {
  /** A request was answered: looks at the endpoints a little later, once for many requests. */
  onTraffic(): void;
  /** Looks now; calls in the meantime lead to one more look. */
  look(): void;
  close(): Promise<void>;
}

/**
 * The local counterpart of the schedule on AWS, without polling: endpoints are checked after requests
 * came in, and again when the next mute is over.
 */
export function createAlertWatch(options: {
  /** One look; returns when the next mute ends. */
  readonly watch: () => Promise<{ nextMuteEnd: Instant | null }>;
  /** Between the first request and the look at it. */
  readonly seconds: number;
  readonly clock: Clock;
  readonly log: Log;
}): AlertWatch {
  const { clock, log } = options;
  let cancelTraffic: (() => void) | null = null;
  let cancelAgain = () => {};
  let isDue = false;
  let isClosed = false;
  let looking: Promise<void> | null = null;

  async function lookWhileDue(): Promise<void> {
    while (isDue && !isClosed) {
      isDue = false;
      try {
        armMute((await options.watch()).nextMuteEnd);
      } catch (error) {
        log({ message: 'The endpoints could not be checked.', error });
        armAgain(RETRY_SECONDS);
      }
    }
    looking = null;
  }

  function look(): void {
    isDue = true;
    looking ??= Promise.resolve().then(lookWhileDue);
  }

  function armMute(until: Instant | null): void {
    cancelAgain();
    if (until === null) return;
    // A millisecond late rather than early: a mute is over from its end on.
    const seconds = Math.max(0, Date.parse(until) - clock.now().getTime() + 1) / 1000;
    armAgain(seconds);
  }

  function armAgain(seconds: number): void {
    cancelAgain();
    if (!isClosed) cancelAgain = after(seconds, look);
  }

  return {
    onTraffic() {
      if (cancelTraffic !== null || isClosed) return;
      cancelTraffic = after(options.seconds, () => {
        cancelTraffic = null;
        look();
      });
    },
    look,
    async close() {
      isClosed = true;
      cancelTraffic?.();
      cancelAgain();
      await looking;
    },
  };
}
