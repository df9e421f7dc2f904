import type { ModalView } from '@slack/web-api';
import type { Run } from '../../pipeline/core/run.ts';
import type { DecisionTarget } from '../actions/decide.ts';
import { truncate } from './escape.ts';
import type { Message } from './message.ts';
import { lines } from './rich-text.ts';

export const rejectionModalId = 'run.rejection';
/** The message shortcut of the manifest. */
export const aboutRunId = 'run.about';
export const reasonField = { block: 'reason', action: 'text' } as const;

/** Longest reason; it is shown on the card and kept in the registry. */
const MOST_REASON_CHARACTERS = 500;

/** Asks why; a rejection without a reason helps nobody. */
export function rejectionModal(run: Run, target: DecisionTarget): ModalView {
  const production = run.evaluatedAgainst === null ? '' : ` v${run.evaluatedAgainst} stays.`;
  return {
    type: 'modal',
    callback_id: rejectionModalId,
    private_metadata: JSON.stringify([target.runId, target.digest]),
    title: plain(`Reject ${run.model} v${run.version}`),
    submit: plain('Reject'),
    close: plain('Cancel'),
    blocks: [
      lines([`${run.model} v${run.version} will not go into production.${production}`]),
      {
        type: 'input',
        block_id: reasonField.block,
        label: plain('Reason', 50),
        hint: plain('Shown on the card and in the thread, with your name.', 100),
        element: {
          type: 'plain_text_input',
          action_id: reasonField.action,
          multiline: true,
          min_length: 1,
          max_length: MOST_REASON_CHARACTERS,
        },
      },
    ],
  };
}

/** Tells one person something where no private message can be shown. */
export function noticeModal(message: Message): ModalView {
  return {
    type: 'modal',
    title: plain('mlops-bot'),
    close: plain('Close'),
    blocks: [...message.blocks],
  };
}

function plain(text: string, most = 24) {
  return { type: 'plain_text' as const, text: truncate(text, most), emoji: false };
}
