import type { ActionsBlock } from '@slack/types';
import { actionIds } from './action-ids.ts';
import { answer } from './answer.ts';
import { button } from './button.ts';
import { truncate } from './escape.ts';
import type { Message } from './message.ts';

/** A complete command that a button runs as if the reader had typed it. */
export interface Suggestion {
  /** What stands after `/mlops`. */
  readonly command: string;
  /** On the button; left out: the command itself. */
  readonly label?: string;
}

/** The value of a button: the command, and the request it belongs to, so that two clicks are one. */
export interface SuggestionValue {
  readonly requestId: string;
  readonly command: string;
}

const MOST_BUTTONS = 5;
/** Slack's limit for the value of a button. */
const MOST_CHARACTERS = 2_000;

/** What was not understood, and the commands that may have been meant as buttons. */
export function suggest(
  text: string,
  options: {
    readonly hint: string | null;
    readonly suggestions: readonly Suggestion[];
    readonly requestId: string;
  },
): Message {
  const { hint, suggestions, requestId } = options;
  const said = answer(text, hint);
  const block = suggestionButtons(suggestions, requestId);
  return block === null ? said : { ...said, blocks: [...said.blocks, block] };
}

/** The buttons alone; null when there is none. */
export function suggestionButtons(
  suggestions: readonly Suggestion[],
  requestId: string,
): ActionsBlock | null {
  const elements = suggestions.slice(0, MOST_BUTTONS).flatMap(({ command, label }, index) => {
    const value = JSON.stringify([`${requestId}:${index}`, command]);
    if (value.length > MOST_CHARACTERS) return [];
    return [
      {
        ...button(actionIds.runCommand, label ?? `/mlops ${command}`, value),
        // Slack tells the buttons of a message apart by their ids.
        action_id: `${actionIds.runCommand}:${index}`,
      },
    ];
  });
  return elements.length === 0 ? null : { type: 'actions', block_id: 'suggestions', elements };
}

/** The commands in a sentence, such as `Did you mean /mlops retrain spam?`; null for none. */
export function didYouMean(suggestions: readonly Suggestion[]): string | null {
  const named = suggestions.slice(0, MOST_BUTTONS).map(({ command }) => `/mlops ${command}`);
  if (named.length === 0) return null;
  return truncate(`Did you mean ${named.join(' or ')}?`, 1_000);
}

/** What a button carries; null when the value is not ours. */
export function readSuggestion(value: string): SuggestionValue | null {
  try {
    const [requestId, command] = JSON.parse(value) as unknown[];
    return typeof requestId === 'string' && typeof command === 'string'
      ? { requestId, command }
      : null;
  } catch {
    return null;
  }
}
