import type { SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Bot } from '../interaction/bot.ts';
import { orErrorAnswer } from './ack-deadline.ts';
import { createTypedText } from './typed-text.ts';

/**
 * What a person writes in a direct message is answered there, as `/mlops` with the same words. A
 * file has an event of its own; edits, deletions and messages of apps are none of a person's words.
 */
export function onDirectMessage(bot: Bot) {
  const answerTo = createTypedText(bot);
  return async ({ event, body }: SlackEventMiddlewareArgs<'message'>): Promise<void> => {
    if (event.channel_type !== 'im' || event.subtype !== undefined) return;
    const { user, channel, thread_ts: rootTs, bot_id: botId } = event;
    const text = event.text ?? '';
    if (botId || !user || !channel || text.trim() === '') return;
    const reply = await answerTo({ eventId: body.event_id, user, text, channel, rootTs });
    if (reply === null) return;
    const place = rootTs ? { thread_ts: rootTs } : {};
    await orErrorAnswer(bot, async () => {
      const { text: said, blocks } = reply;
      await bot.client.chat.postMessage({ channel, ...place, text: said, blocks: [...blocks] });
    });
  };
}
