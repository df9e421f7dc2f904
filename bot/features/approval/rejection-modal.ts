import type { ModalView } from '@slack/web-api';
import type { Run } from '../../../pipeline/core/run.ts';
import { modalText } from '../../blocks/modal.ts';
import { reasonInput } from '../../blocks/reason.ts';
import { lines } from '../../blocks/rich-text.ts';

export const rejectionModalId = 'run.rejection';

/** Asks for the reason, which is required. Slack sends `metadata` back with the submission. */
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
