/** What the durable SDK waits before each parking (`CHECKPOINT_TERMINATION_COOLDOWN_MS`). */
const SDK_COOLDOWN_MILLISECONDS = 20;

/**
 * Lets the durable SDK park after a millisecond instead of 20: it has no setting for it, and a run
 * parks dozens of times. Every other timer stays as it is.
 */
export function shortenSdkCooldown(): void {
  const { setTimeout: real } = globalThis;
  globalThis.setTimeout = Object.assign(
    (work: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) =>
      real(work, milliseconds === SDK_COOLDOWN_MILLISECONDS ? 1 : milliseconds, ...args),
    real,
  ) as typeof setTimeout;
}
