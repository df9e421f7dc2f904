import { type Message, message } from './message.ts';
import { type Line, lines } from './rich-text.ts';

/** A message in the thread of a run. `key` is unique in the run and never changes its meaning. */
export interface ThreadEntry extends Message {
  readonly key: string;
}

export function entry(key: string, text: string, ...told: readonly Line[]): ThreadEntry {
  return { key, ...message(text, [lines(...told)]) };
}
