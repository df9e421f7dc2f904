import type { SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Bot } from '../interaction/bot.ts';
import { orErrorAnswer } from './ack-deadline.ts';
import { createTypedText } from './typed-text.ts';

/**
 * `@mlops status` does what `/mlops status` does and answers in the thread, visible to everyone.
 * Questions with buttons and usage errors are visible to the asker only.
 */
export function onMention(bot: Bot) {
  const answerTo = createTypedText(bot);
  return async ({ event, body }: SlackEventMiddlewareArgs<'app_mention'>): Promise<void> => {
    const { user, channel, ts, text, thread_ts: rootTs } = event;
    if (user === undefined) return;
    const reply = await answerTo({ eventId: body.event_id, user, text, channel, rootTs });
    if (reply === null) return;
    const message = { channel, text: reply.text, blocks: [...reply.blocks] };
    await orErrorAnswer(bot, async () => {
      if (reply.asks === true || reply.problem !== undefined) {
        const place = rootTs === undefined ? {} : { thread_ts: rootTs };
        await bot.client.chat.postEphemeral({ ...message, ...place, user });
      } else {
        await bot.client.chat.postMessage({ ...message, thread_ts: rootTs ?? ts });
      }
    });
  };
}
