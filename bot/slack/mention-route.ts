import type { SlackEventMiddlewareArgs } from '@slack/bolt';
import { recordCommand } from '../features/audit/record-audit.ts';
import { runCommand } from '../features/run-command.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Caller, Reply } from '../interaction/command.ts';
import { runOfThread } from '../web-api/run-of-thread.ts';
import { answerInTime, orErrorAnswer } from './ack-deadline.ts';

/** Slack resends an event when it thinks the first delivery was lost; we remember this many ids. */
const MOST_REMEMBERED = 500;

/**
 * `@mlops status` does what `/mlops status` does and answers in the thread, visible to everyone.
 * Questions with buttons and usage errors are visible to the asker only.
 */
export function onMention(bot: Bot) {
  const answered = new Set<string>();
  return async ({ event, body }: SlackEventMiddlewareArgs<'app_mention'>): Promise<void> => {
    const { user, channel, ts, thread_ts: rootTs } = event;
    if (user === undefined || answered.has(body.event_id)) return;
    answered.add(body.event_id);
    if (answered.size > MOST_REMEMBERED) answered.delete([...answered][0] ?? '');
    const reply: Reply | null = await answerInTime(bot, async () => {
      const threadRun = rootTs === undefined ? null : await runOfThread(bot, { channel, rootTs });
      const text = mentionText(event.text);
      const caller: Caller = {
        // Events carry no user name, and looking it up would need another scope.
        actor: { kind: 'person', id: user, name: user },
        memberOf: await bot.people.memberOf(user),
        requestId: `slack:${body.event_id}`,
        ...(threadRun === null ? {} : { threadRun }),
      };
      return recordCommand(bot, { text, caller }, () => runCommand(text, bot, caller));
    });
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

function mentionText(text: string): string {
  return text
    .replace(/^\s*<@[^>]*>/, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim();
}
