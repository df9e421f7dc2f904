import type { InputBlock, PlainTextOption } from '@slack/types';
import { truncate } from '../../blocks/escape.ts';

/** A field of a form. */
export function input(block_id: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id, label: plain(label, 150), element };
}

export function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, 75), value: truncate(value, 150) };
}

/** The option with this value as the one that is chosen; nothing when there is none. */
export function initial(options: readonly PlainTextOption[], value: string) {
  const found = options.find((each) => each.value === value);
  return found === undefined ? {} : { initial_option: found };
}

export function plain(text: string, max: number) {
  return { type: 'plain_text' as const, text: truncate(text, max), emoji: false };
}
