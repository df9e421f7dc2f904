import type { ModalView } from '@slack/web-api';
import { truncate } from './escape.ts';
import type { Message } from './message.ts';

/** A message as a modal, for places that cannot show a private message. */
export function noticeModal(message: Message): ModalView {
  return {
    type: 'modal',
    title: modalText('mlops-bot'),
    close: modalText('Close'),
    blocks: [...message.blocks],
  };
}

/** The title or a button of a modal, cut to Slack's 24 characters. */
export function modalText(text: string) {
  return { type: 'plain_text' as const, text: truncate(text, 24), emoji: false };
}
