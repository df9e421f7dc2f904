/** Enough for a steady 95th percentile, few enough that a recovery shows soon. */
const KEPT = 256;

interface Window {
  readonly configName: string;
  /** A ring: the oldest is overwritten. */
  readonly milliseconds: number[];
  next: number;
}

/**
 * The newest answer times of each live configuration, in memory only: after a restart they build
 * up again with the next requests.
 */
export function createLatencies() {
  const windows = new Map<string, Window>();
  return {
    add(endpointName: string, configName: string, milliseconds: number): void {
      const known = windows.get(endpointName);
      const window =
        known?.configName === configName ? known : { configName, milliseconds: [], next: 0 };
      windows.set(endpointName, window);
      window.milliseconds[window.next] = milliseconds;
      window.next = (window.next + 1) % KEPT;
    },
    /** Nearest-rank 95th percentile; null without requests of this configuration. */
    p95(endpointName: string, configName: string | null): number | null {
      const window = windows.get(endpointName);
      if (window === undefined || window.configName !== configName) return null;
      const sorted = [...window.milliseconds].sort((a, b) => a - b);
      return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
    },
  };
}
