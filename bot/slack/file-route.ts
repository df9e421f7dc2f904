import type { SlackEventMiddlewareArgs } from '@slack/bolt';
import { askAboutFile } from '../features/dropped-file/drop-actions.ts';
import type { Bot } from '../interaction/bot.ts';
import { orErrorAnswer } from './ack-deadline.ts';

/** Slack resends an event when it thinks the first delivery was lost. */
const MOST_REMEMBERED = 500;

/** A file shared where the bot is may be a dataset; whoever shared it is asked, and nobody else. */
export function onFileShared(bot: Bot) {
  const asked = new Set<string>();
  return async ({ event }: SlackEventMiddlewareArgs<'file_shared'>): Promise<void> => {
    const { file_id: fileId, user_id: user, channel_id: channel } = event;
    const key = `${fileId} ${channel}`;
    if (asked.has(key)) return;
    asked.add(key);
    if (asked.size > MOST_REMEMBERED) asked.delete([...asked][0] ?? '');
    await orErrorAnswer(bot, () => askAboutFile(bot, { fileId, user, channel }));
  };
}
