import type { InputBlock } from '@slack/types';
import { truncate } from './escape.ts';

/** Where a form or a question holds the reason somebody gives. */
export const reasonField = { block: 'reason', action: 'text' } as const;

/** Longest reason; it is shown in the thread and kept with the version. */
export const MOST_REASON_CHARACTERS = 500;

/** Asks why, in a form or in a private question; `initial`: what was typed with the command. */
export function reasonInput(asks: {
  readonly hint: string;
  readonly placeholder?: string;
  readonly initial?: string | null;
  readonly isOptional: boolean;
}): InputBlock {
  const { hint, placeholder, initial, isOptional } = asks;
  return {
    type: 'input',
    block_id: reasonField.block,
    label: plain('Reason', 50),
    hint: plain(hint, 150),
    optional: isOptional,
    element: {
      type: 'plain_text_input',
      action_id: reasonField.action,
      multiline: true,
      ...(isOptional ? {} : { min_length: 1 }),
      max_length: MOST_REASON_CHARACTERS,
      ...(placeholder === undefined ? {} : { placeholder: plain(placeholder, 150) }),
      ...(initial ? { initial_value: truncate(initial, MOST_REASON_CHARACTERS) } : {}),
    },
  };
}

function plain(text: string, most: number) {
  return { type: 'plain_text' as const, text: truncate(text, most), emoji: false };
}
