import type { ModalView } from '@slack/web-api';
import type { Run } from '../../pipeline/core/run.ts';
import { truncate } from './escape.ts';
import type { Message } from './message.ts';
import { reasonInput } from './reason.ts';
import { lines } from './rich-text.ts';

export const rejectionModalId = 'run.rejection';
/** The message shortcut of the manifest. */
export const aboutRunId = 'run.about';

/** Asks why; a rejection without a reason helps nobody. `metadata` comes back when it is submitted. */
export function rejectionModal(
  run: Run,
  { metadata, reason = null }: { readonly metadata: string; readonly reason?: string | null },
): ModalView {
  const production = run.evaluatedAgainst === null ? '' : ` v${run.evaluatedAgainst} stays.`;
  return {
    type: 'modal',
    callback_id: rejectionModalId,
    private_metadata: metadata,
    title: modalText(`Reject ${run.model} v${run.version}`),
    submit: modalText('Reject'),
    close: modalText('Cancel'),
    blocks: [
      lines([`${run.model} v${run.version} will not go into production.${production}`]),
      reasonInput({
        hint: 'Shown on the card and in the thread, with your name.',
        initial: reason,
        isOptional: false,
      }),
    ],
  };
}

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
