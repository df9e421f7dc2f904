import { randomBytes } from 'node:crypto';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { answer, errorAnswer } from '../blocks/answer.ts';
import type { Message } from '../blocks/message.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Reply } from '../interaction/command.ts';

/** Slack gives up after 3 s; the way there and back is part of it. */
const ANSWER_WITHIN_MILLISECONDS = 2_500;

const tooSlow = answer(
  'This is taking longer than Slack waits for an answer.',
  'It continues in the background; /mlops status shows its progress.',
);

/** The reply, an answer about what went wrong, or after 2.5 s the word that it takes longer. */
export async function answerInTime<T extends Message | null>(
  bot: Pick<Bot, 'log'>,
  reply: () => Promise<T>,
): Promise<T | Reply> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply>((resolve) => {
    timer = setTimeout(() => resolve(tooSlow), ANSWER_WITHIN_MILLISECONDS);
  });
  const answered = reply().catch((error: unknown) => failureOf(bot, error));
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** Null when the work succeeded, otherwise what to tell the person. */
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

/** Errors a person can correct are no news for the log; the others get a reference into it. */
export function failureOf({ log }: Pick<Bot, 'log'>, error: unknown): Reply {
  const reference = randomBytes(4).toString('hex');
  if (!(error instanceof MlopsError)) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`${reference}: ${told}`);
  }
  return { ...errorAnswer(error, reference), problem: 'refused' };
}
