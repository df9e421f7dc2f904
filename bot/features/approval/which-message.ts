import type { Decision, Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message, modelFacts } from '../../blocks/message.ts';
import { MAX_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import type { CommandTools } from '../../interaction/command.ts';

const MAX_CHOICES = 8;

/** What the person is about to do with one of the runs. */
export interface Choosing {
  readonly outcome: Decision['outcome'];
  readonly reason: string | null;
  /** Where there are no buttons, the id stands for one. */
  readonly withIds?: boolean;
}

/** Asks which of several waiting versions is meant, with a button for each. */
export function whichMessage(
  runs: readonly Run[],
  { outcome, reason, withIds = false }: Choosing,
  config: CommandTools['config'],
): Message & { readonly asks: true } {
  const title = `Which version do you want to ${outcome === 'approved' ? 'approve' : 'reject'}?`;
  const rest = runs.length - MAX_CHOICES;
  const kept = reason === null ? null : truncate(reason, MAX_REASON_CHARACTERS);
  const asked = message(title, [
    lines([bold(title)]),
    ...runs.slice(0, MAX_CHOICES).flatMap((run) => [
      lines(
        [bold(headline(run))],
        ...triggerLines(run).slice(0, 1),
        scoreLine(run, modelFacts(config, run.model)),
        withIds ? [`Run ${run.id}`] : [],
      ),
      {
        type: 'actions' as const,
        block_id: `choose:${run.id}`,
        elements: [
          button(
            actionIds.decideChoose,
            `${run.model} v${run.version}`,
            JSON.stringify([run.id, outcome, kept]),
          ),
        ],
      },
    ]),
    ...(rest > 0 ? [lines([`and ${rest} more: /mlops approvals`])] : []),
  ]);
  return { ...asked, asks: true };
}

/** What such a button carries; null when the value is not ours. */
export function readChoosing(value: string): (Choosing & { readonly runId: string }) | null {
  try {
    const [runId, outcome, reason] = JSON.parse(value) as unknown[];
    if (typeof runId !== 'string' || (outcome !== 'approved' && outcome !== 'rejected'))
      return null;
    return { runId, outcome, reason: typeof reason === 'string' ? reason : null };
  } catch {
    return null;
  }
}
