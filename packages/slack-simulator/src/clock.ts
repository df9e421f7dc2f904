export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** A message ts that was never given out before, also not by a previous process: seconds and microseconds. */
  nextTs(): string;
}

/** `lastTs` is the newest ts in the store; later ones follow it even when the machine's clock was set back. */
export function createClock(lastTs: string, now: () => number = Date.now): Clock {
  const [seconds = '0', micros = '0'] = lastTs.split('.');
  let last = Number(seconds) * 1e6 + Number(micros.padEnd(6, '0'));
  return {
    now,
    nextTs() {
      last = Math.max(now() * 1_000, last + 1);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
  };
}
