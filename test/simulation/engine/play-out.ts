import type { VirtualTime } from './virtual-time.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Trouble lasts this long; people act in the first four fifths of it. */
export const TROUBLE = 24 * HOUR;
/** Afterwards everything works, and this long must be enough for every run to end. */
const PEACE = 24 * HOUR;
/** Once every run has ended, late events and the last cards need no longer than this. */
const LAST_WORDS = 3 * HOUR;

/** Plays trouble and then peace, until nothing happens any more. */
export async function playOut(time: VirtualTime, isAtRest: () => boolean): Promise<void> {
  await time.runUntil(TROUBLE);
  let end = TROUBLE;
  while (end < TROUBLE + PEACE && !isAtRest()) {
    end += HOUR;
    await time.runUntil(end);
  }
  await time.runUntil(end + LAST_WORDS);
}

/** Time since the beginning of a world, for its trace. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / SECOND);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
