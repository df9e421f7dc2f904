/** What is cut where something would exceed its share of a record. */

/** As many entries as fit, those of the greatest weight, in the order they had. */
export function someOf<T>(
  all: Readonly<Record<string, T>>,
  bytes: number,
  weightOf: (value: T) => number = () => 0,
): Record<string, T> {
  const entries = Object.entries(all);
  if (bytesOf(JSON.stringify(all)) <= bytes) return Object.fromEntries(entries);
  const heaviest = [...entries].sort(([, one], [, other]) => weightOf(other) - weightOf(one));
  const kept = new Set(listOf(heaviest, bytes));
  return Object.fromEntries(entries.filter((entry) => kept.has(entry)));
}

/** The first values, as many as fit. */
export function listOf<T>(values: readonly T[], bytes: number): T[] {
  let left = bytes;
  return values.filter((value) => {
    left -= bytesOf(JSON.stringify(value)) + 1;
    return left >= 0;
  });
}

export function shorten(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

/** At most so many bytes the text has in UTF-8: a UTF-16 unit beyond ASCII has up to three. */
export function bytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) bytes += 2;
  return bytes;
}
