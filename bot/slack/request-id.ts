import { createHash } from 'node:crypto';
import { typedRequestId } from '../../pipeline/core/typed-request.ts';
import type { Bot } from '../interaction/bot.ts';
import { currentRequest } from './current-request.ts';

/**
 * The id of a request that was typed: who, where and what. Slack gives a repeat of the same words
 * another trigger id, although a person who got no answer means the same request. The time is
 * Slack's, so that another delivery of the request has the same id.
 */
export function requestIdOf({ clock }: Pick<Bot, 'clock'>, words: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 24);
  return typedRequestId(digest, currentRequest()?.sentAt ?? clock.now().getTime() / 1000);
}
