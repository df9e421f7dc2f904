import type { ModalView } from '@slack/web-api';
import type { Run } from '../../../pipeline/core/run.ts';
import { dataLines } from '../../blocks/data-lines.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { modalText } from '../../blocks/modal.ts';
import { reasonInput } from '../../blocks/reason.ts';
import { lines } from '../../blocks/rich-text.ts';

export const overrideModalId = 'run.override';

/** Asks why the gate, or a change of the data, is overridden. Slack sends `metadata` back with the submission. */
export function overrideModal(run: Run, metadata: string): ModalView {
  const production = run.evaluatedAgainst === null ? '' : ` and replaces v${run.evaluatedAgainst}`;
  return {
    type: 'modal',
    callback_id: overrideModalId,
    private_metadata: metadata,
    title: modalText(`Approve ${run.model} v${run.version}`),
    submit: modalText('Approve'),
    close: modalText('Cancel'),
    blocks: [
      lines(
        [`${run.model} v${run.version} goes into production${production}, ${despite(run)}.`],
        gateLine(run),
        ...dataLines(run, 3),
      ),
      reasonInput({
        hint: 'Why it may go live all the same. Shown on the card and in the audit log, with your name.',
        initial: null,
        isOptional: false,
      }),
    ],
  };
}

function despite({ verdict }: Run): string {
  const isGate = verdict?.outcome === 'fail' || verdict?.outcome === 'not_comparable';
  return isGate ? 'against the gate' : 'although its data changed';
}
