import type { InputBlock } from '@slack/types';
import { truncate } from './escape.ts';

/** The block and action ids of the reason field in forms and messages. */
export const reasonField = { block: 'reason', action: 'text' } as const;

/** Longest reason, in characters; it is shown in the thread and kept with the version. */
export const MAX_REASON_CHARACTERS = 500;

/** The field that asks for a reason; `initial` is what was typed with the command. */
export function reasonInput(options: {
  readonly hint: string;
  readonly placeholder?: string;
  readonly initial?: string | null;
  readonly isOptional: boolean;
}): InputBlock {
  const { hint, placeholder, initial, isOptional } = options;
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
      max_length: MAX_REASON_CHARACTERS,
      ...(placeholder === undefined ? {} : { placeholder: plain(placeholder, 150) }),
      ...(initial ? { initial_value: truncate(initial, MAX_REASON_CHARACTERS) } : {}),
    },
  };
}

function plain(text: string, max: number) {
  return { type: 'plain_text' as const, text: truncate(text, max), emoji: false };
}
