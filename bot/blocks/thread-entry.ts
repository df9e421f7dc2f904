import { type Message, message } from './message.ts';
import { type Line, lines } from './rich-text.ts';

/** A message in the thread of a run. `key` is unique within the run and keeps its meaning. */
export interface ThreadEntry extends Message {
  readonly key: string;
}

/** A thread entry of plain lines; `text` is what notifications show. */
export function entry(key: string, text: string, ...body: readonly Line[]): ThreadEntry {
  return { key, ...message(text, [lines(...body)]) };
}
