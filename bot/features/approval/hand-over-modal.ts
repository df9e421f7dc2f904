import type { ModalView } from '@slack/web-api';
import type { Run } from '../../../pipeline/core/run.ts';
import { headline } from '../../blocks/headline.ts';
import { modalText } from '../../blocks/modal.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { approvalLines } from './approval-lines.ts';

export const handOverModalId = 'run.hand_over';

/** The block of the field that asks for the person. */
export const personBlock = 'person';

/** Asks who decides instead. Slack sends the id of the run back with the submission. */
export function handOverModal(run: Run): ModalView {
  return {
    type: 'modal',
    callback_id: handOverModalId,
    private_metadata: run.id,
    title: modalText('Hand over'),
    submit: modalText('Hand over'),
    close: modalText('Cancel'),
    blocks: [
      lines([bold(headline(run))], ...approvalLines(run, false).slice(-1)),
      {
        type: 'input',
        block_id: personBlock,
        label: modalText('Who decides?'),
        hint: {
          type: 'plain_text',
          text: 'Somebody who may decide. They are mentioned in the thread and get a message; everybody else may still decide.',
          emoji: false,
        },
        element: { type: 'users_select', action_id: 'user' },
      },
    ],
  };
}
