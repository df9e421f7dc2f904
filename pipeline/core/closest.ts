import { distance } from 'fastest-levenshtein';

/** The word somebody most likely meant, or null when none is near (two edits, or a third of it). */
export function closest(typed: string, words: readonly string[]): string | null {
  const near = words
    .map((word) => ({ word, edits: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near === undefined) return null;
  return near.edits <= Math.max(2, Math.floor(typed.length / 3)) ? near.word : null;
}
