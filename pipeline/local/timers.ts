/** Longest delay of a Node timer (24.8 days); a longer one would fire at once. */
const MAX_DELAY_MILLISECONDS = 2 ** 31 - 1;

/** Calls `work` after that many seconds; returns a function that prevents it. Never for Infinity. */
export function after(seconds: number, work: () => void): () => void {
  if (seconds === Number.POSITIVE_INFINITY) return () => {};
  const timer = setTimeout(work, Math.min(seconds * 1000, MAX_DELAY_MILLISECONDS));
  return () => clearTimeout(timer);
}

/** Resolves after that many seconds, or earlier when the signal is aborted. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const cancel = after(seconds, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Calls `work` at most once per interval: at once, and once more if it was called in between. Work
 * that throws is due again after the interval, so that a full disk ends nothing; `flush` throws it.
 */
export function createThrottle(milliseconds: number, work: () => void) {
  let timer: NodeJS.Timeout | null = null;
  let isDue = false;
  function run(): void {
    isDue = false;
    timer = setTimeout(() => {
      timer = null;
      if (isDue) run();
    }, milliseconds);
    try {
      work();
    } catch {
      isDue = true;
    }
  }
  return {
    call() {
      isDue = true;
      if (timer === null) run();
    },
    /** Runs pending work now, and nothing afterwards. */
    flush() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (isDue) {
        isDue = false;
        work();
      }
    },
  };
}
