/** Ids of what people typed: the same words within a minute are one request. */

const SECONDS = 60;
const TYPED = /^(typed:.+:)(\d+)$/;

/** `words` identifies who typed what, and where; `at` is in seconds. */
export function typedRequestId(words: string, at: number): string {
  return `typed:${words}:${Math.floor(at / SECONDS)}`;
}

/** The id that the same words had in the minute before; null for what nobody typed. */
export function idOfMinuteBefore(requestId: string): string | null {
  const [, words, minute] = TYPED.exec(requestId) ?? [];
  return words === undefined ? null : `${words}${Number(minute) - 1}`;
}

/** How long the same words count as one request. */
export const REPEAT_MILLISECONDS = SECONDS * 1000;
