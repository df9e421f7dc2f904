import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, lines } from '../../blocks/rich-text.ts';

/** Asks before a run is repeated that the gate has blocked. */
export function retryQuestion(run: Run, requestId: string): Message & { readonly asks: true } {
  const title = `Repeat a run that was blocked?`;
  const asked = message(title, [
    lines(
      [bold(title), ` ${headline(run)}.`],
      gateLine(run),
      ['The same data and settings will most likely be blocked again.'],
      [`Run ${run.id}`],
    ),
    {
      type: 'actions',
      block_id: 'retry',
      elements: [button(actionIds.retryBlocked, 'Repeat it', JSON.stringify([run.id, requestId]))],
    },
  ]);
  return { ...asked, asks: true };
}

/** What the button carries; null when the value is not ours. */
export function readRetry(value: string): { runId: string; requestId: string } | null {
  try {
    const [runId, requestId] = JSON.parse(value) as unknown[];
    if (typeof runId !== 'string' || typeof requestId !== 'string') return null;
    return { runId, requestId };
  } catch {
    return null;
  }
}
