import { distance } from 'fastest-levenshtein';

/** Anything shorter occurs in too many words by chance. */
const MIN_LENGTH = 4;

/**
 * The word most likely meant: a near one (two edits, or a third of its length), or the only one
 * that contains what was typed; null when there is none.
 */
export function closest(typed: string, words: readonly string[]): string | null {
  return nearest(typed, words) ?? onlyHolder(typed, words);
}

function nearest(typed: string, words: readonly string[]): string | null {
  const near = words
    .map((word) => ({ word, edits: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near === undefined) return null;
  return near.edits <= Math.max(2, Math.floor(typed.length / 3)) ? near.word : null;
}

function onlyHolder(typed: string, words: readonly string[]): string | null {
  const holders = words.filter((word) => word.toLowerCase().includes(typed.toLowerCase()));
  const [only] = holders;
  return typed.length >= MIN_LENGTH && holders.length === 1 && only !== undefined ? only : null;
}
