export interface Slots {
  /** Resolves, first come first served, to the function that gives the slot back; null if aborted. */
  take(signal: AbortSignal): Promise<(() => void) | null>;
}

/** A bounded number of places, e.g. machines. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(null);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release);
      }
      return new Promise((resolve) => {
        const onAbort = () => {
          waiting.splice(waiting.indexOf(give), 1);
          resolve(null);
        };
        const give = () => {
          signal.removeEventListener('abort', onAbort);
          resolve(release);
        };
        waiting.push(give);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
