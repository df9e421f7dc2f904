import { MlopsError } from '../../pipeline/core/errors.ts';
import { shown } from './escape.ts';
import { type Message, message } from './message.ts';
import { type Line, lines } from './rich-text.ts';

/** A private answer: what happened, then what the reader can do. Empty lines are left out. */
export function answer(text: string, ...more: readonly (Line | string | null)[]): Message {
  const details = more.filter((line) => line !== null && line !== '');
  return message(text, [
    lines([text], ...details.map((line) => (typeof line === 'string' ? [line] : (line as Line)))),
  ]);
}

/** An answer to a request that is not allowed or no longer possible. */
export function refused(
  ...parts: Parameters<typeof answer>
): Message & { readonly problem: 'refused' } {
  return { ...answer(...parts), problem: 'refused' };
}

/** The answer to a failed command. Unknown errors are not quoted, only referenced. */
export function errorAnswer(error: unknown, reference: string): Message {
  if (error instanceof MlopsError) {
    return answer(shown(error.message, 500), shown(error.hint ?? '', 400));
  }
  return answer(
    'Something unexpected went wrong.',
    `Try again. If it keeps happening, the bot’s log has the details under ${reference}.`,
  );
}
