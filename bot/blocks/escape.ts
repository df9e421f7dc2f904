import { graphemes } from './graphemes.ts';

/**
 * User text (file names, labels, reasons, error messages) on its way into Slack. Blocks carry it in
 * rich text or plain text elements, which Slack never parses. This file only keeps it short, on one
 * line and unable to reorder its surroundings.
 */

/** Invisible controls: C0/C1, bidirectional embeddings, overrides and isolates, the byte order mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const ISOLATE = ['\u2068', '\u2069'] as const;

/** User text as one short line, otherwise exactly as typed; empty when nothing is left of it. */
export function shown(typed: string, max = 80): string {
  const line = truncateMiddle(typed.replace(CONTROLS, ' ').trim(), max);
  return RIGHT_TO_LEFT.test(line) ? `${ISOLATE[0]}${line}${ISOLATE[1]}` : line;
}

/** Cuts to at most `max` UTF-16 units (as Slack counts), never inside a character; an ellipsis marks the cut. */
export function truncate(text: string, max: number): string {
  return text.length <= max ? text : `${take(text, max - 1)}…`;
}

/** Keeps the end too, where a file name has its extension. */
function truncateMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = takeLast(text, Math.floor(max / 3));
  return `${take(text, max - 1 - tail.length)}…${tail}`;
}

function take(text: string, max: number): string {
  let taken = '';
  // A character has at least one unit, and rarely more than a few: a window keeps both linear.
  for (const segment of graphemes(text.slice(0, 4 * max))) {
    if (taken.length + segment.length > max) break;
    taken += segment;
  }
  return taken;
}

function takeLast(text: string, max: number): string {
  let taken = '';
  for (const segment of graphemes(text.slice(-4 * max)).toReversed()) {
    if (taken.length + segment.length > max) break;
    taken = segment + taken;
  }
  return taken;
}

/** Escapes the `text` of a message, the one place Slack parses: `<!channel>` stays visible text. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Quotes a text as one word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
