import type { ModalView } from '@slack/web-api';
import { truncate } from './escape.ts';
import type { Message } from './message.ts';

/** Tells one person something where no private message can be shown. */
export function noticeModal(message: Message): ModalView {
  return {
    type: 'modal',
    title: modalText('mlops-bot'),
    close: modalText('Close'),
    blocks: [...message.blocks],
  };
}

/** Title and buttons of a modal, as long as Slack takes them. */
export function modalText(text: string) {
  return { type: 'plain_text' as const, text: truncate(text, 24), emoji: false };
}
