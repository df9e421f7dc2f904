import { MlopsError } from '../../pipeline/core/errors.ts';
import { shown } from './escape.ts';
import { type Message, message } from './message.ts';
import { type Line, lines } from './rich-text.ts';

/** A private answer: what is, and below it what can be done. */
export function answer(said: string, ...more: readonly (Line | string | null)[]): Message {
  const told = more.filter((line) => line !== null && line !== '');
  return message(said, [
    lines([said], ...told.map((line) => (typeof line === 'string' ? [line] : (line as Line)))),
  ]);
}

/** The same for what is not done, because it is not allowed or its moment has passed. */
export function refused(
  ...said: Parameters<typeof answer>
): Message & { readonly problem: 'refused' } {
  return { ...answer(...said), problem: 'refused' };
}

/** What a person reads when a command failed; unknown errors keep their text to themselves. */
export function errorAnswer(error: unknown, reference: string): Message {
  if (error instanceof MlopsError) {
    return answer(shown(error.message, 500), shown(error.hint ?? '', 400).replace('(no name)', ''));
  }
  return answer(
    'Something unexpected went wrong; nothing is half done.',
    `Try again. If it stays, the log of the bot has the details under ${reference}.`,
  );
}
