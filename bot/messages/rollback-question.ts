import { actionIds, button, confirmation } from './buttons.ts';
import { type Message, message } from './message.ts';
import { bold, lines } from './rich-text.ts';

/** What a rollback button carries. `requestId` makes two presses one rollback. */
export interface RollbackChoice {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly requestId: string;
}

/** Asked before anything changes; nobody else sees it. */
export function rollbackQuestion(choice: RollbackChoice): Message {
  const { model, from, to } = choice;
  const title = `Roll ${model} back from v${from} to v${to}?`;
  return message(title, [
    lines([bold(title)], ['The endpoint changes within seconds, is verified and watched again.']),
    { type: 'actions', block_id: 'rollback', elements: [rollbackButton(choice)] },
  ]);
}

export function rollbackButton(choice: RollbackChoice) {
  const { model, from, to, requestId } = choice;
  return {
    ...button(
      actionIds.rollBackModel,
      `Roll back to v${to}`,
      JSON.stringify([model, from, to, requestId]),
    ),
    style: 'danger' as const,
    confirm: confirmation({
      title: `Roll back ${model}?`,
      text: `v${to} answers again in place of v${from}.`,
      yes: 'Roll back',
      danger: true,
    }),
  };
}

/** The choice a button carries; null when the value is not ours. */
export function readRollbackChoice(value: string): RollbackChoice | null {
  try {
    const [model, from, to, requestId] = JSON.parse(value) as unknown[];
    if (typeof model !== 'string' || typeof requestId !== 'string') return null;
    if (!Number.isInteger(from) || !Number.isInteger(to)) return null;
    return { model, from: Number(from), to: Number(to), requestId };
  } catch {
    return null;
  }
}
