import type { Button, ConfirmationDialog } from '@slack/types';
import { truncate } from './escape.ts';

/** A button; Slack sends `value` back with the click. */
export function button(actionId: string, label: string, value: string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: truncate(label, 75), emoji: false },
    value,
  };
}

/** The dialog Slack shows before it sends the click. */
export function confirmation(dialog: {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: truncate(dialog.title, 100), emoji: false },
    text: { type: 'plain_text', text: truncate(dialog.text, 300), emoji: false },
    confirm: { type: 'plain_text', text: truncate(dialog.yes, 30), emoji: false },
    deny: { type: 'plain_text', text: 'Cancel', emoji: false },
    ...(dialog.danger ? { style: 'danger' as const } : {}),
  };
}
