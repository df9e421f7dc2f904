import type { Button, ConfirmationDialog } from '@slack/types';
import { truncate } from './escape.ts';

/** A button; `value` comes back with the press. */
export function button(actionId: string, label: string, value: string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: truncate(label, 75), emoji: false },
    value,
  };
}

/** The question Slack asks before it sends the press. */
export function confirmation(asks: {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: truncate(asks.title, 100), emoji: false },
    text: { type: 'plain_text', text: truncate(asks.text, 300), emoji: false },
    confirm: { type: 'plain_text', text: truncate(asks.yes, 30), emoji: false },
    deny: { type: 'plain_text', text: 'Cancel', emoji: false },
    ...(asks.danger ? { style: 'danger' as const } : {}),
  };
}
