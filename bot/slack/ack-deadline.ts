import { randomBytes } from 'node:crypto';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { answer, errorAnswer } from '../blocks/answer.ts';
import type { Message } from '../blocks/message.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Reply } from '../interaction/command.ts';
import { currentRequest } from './current-request.ts';

/** Slack shows an error after 3 s, network time included. */
const ANSWER_WITHIN_MILLISECONDS = 2_500;

const tooSlow = answer(
  'This is taking longer than Slack waits for an answer.',
  'It continues in the background; /mlops status shows its progress.',
);

/** The reply, an error answer, or after 2.5 s the answer that the work takes longer. Never rejects. */
export async function answerInTime<T extends Message | null>(
  bot: Pick<Bot, 'log'>,
  reply: () => Promise<T>,
): Promise<T | Reply> {
  if (currentRequest()?.isLate === true) {
    return reply().catch((error: unknown) => failureOf(bot, error));
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply>((resolve) => {
    timer = setTimeout(() => resolve(tooSlow), ANSWER_WITHIN_MILLISECONDS);
  });
  const answered = reply().catch((error: unknown) => failureOf(bot, error));
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** Null when the work succeeded, otherwise the error answer for the person. */
export async function orErrorAnswer(
  bot: Pick<Bot, 'log'>,
  work: () => Promise<void>,
): Promise<Message | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return failureOf(bot, error);
  }
}

/** Logs errors that a person cannot correct, under a reference that the answer names. */
export function failureOf({ log }: Pick<Bot, 'log'>, error: unknown): Reply {
  const reference = randomBytes(4).toString('hex');
  if (!(error instanceof MlopsError)) {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`${reference}: ${details}`);
  }
  return { ...errorAnswer(error, reference), problem: 'refused' };
}
