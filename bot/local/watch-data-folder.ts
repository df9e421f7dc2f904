import { statSync } from 'node:fs';

/** A folder that is gone is noticed after this long at most. */
const POLL_MILLISECONDS = 1_000;

/**
 * Calls `onGone` once when the folder was removed, or another one is in its place: what is written
 * from then on would be lost. Returns the function that ends the watch. Polls, because no event
 * reports a removed parent on every system.
 */
export function watchDataFolder(options: {
  readonly folder: string;
  readonly onGone: () => void;
  readonly pollMilliseconds?: number;
}): () => void {
  const { folder, onGone, pollMilliseconds = POLL_MILLISECONDS } = options;
  const ours = identify(folder);
  const timer = setInterval(() => {
    if (identify(folder) === ours) return;
    clearInterval(timer);
    onGone();
  }, pollMilliseconds).unref();
  return () => clearInterval(timer);
}

function identify(folder: string): string | null {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}-${stats.ino}`;
}
