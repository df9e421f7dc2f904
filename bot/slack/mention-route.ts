import type { SlackEventMiddlewareArgs } from '@slack/bolt';
import { answerCommand } from '../features/answer-command.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Caller, Reply } from '../interaction/command.ts';
import type { ThreadSubject } from '../interaction/thread-subject.ts';
import { subjectOfThread } from '../web-api/subject-of-thread.ts';
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
      const [about, memberOf, actor] = await Promise.all([
        rootTs === undefined ? null : threadSubject(bot, { channel, rootTs }),
        bot.people.memberOf(user),
        bot.people.actorOf(user),
      ]);
      const caller: Caller = {
        actor,
        memberOf,
        requestId: `slack:${body.event_id}`,
        ...(about === null ? {} : { about }),
      };
      const text = mentionText(event.text);
      return answerCommand(bot, {
        text: text || (about === null ? 'help short=true' : ''),
        caller,
      });
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

/** What the thread is about: a run with its model and version, or the model of an alert. */
async function threadSubject(
  bot: Bot,
  at: { readonly channel: string; readonly rootTs: string },
): Promise<ThreadSubject | null> {
  const subject = await subjectOfThread(bot, at);
  if (subject === null) return null;
  if (subject.kind === 'alert') {
    const alert = await bot.pipeline.getAlert(subject.id);
    const { id: alertId } = subject;
    return alert === null ? null : { model: alert.model, runId: null, version: null, alertId };
  }
  const run = await bot.pipeline.getRun(subject.id);
  return run === null ? null : { model: run.model, runId: run.id, version: run.version };
}

/** The text without the mention of the bot, wherever it stands. */
function mentionText(text: string): string {
  const spoken = /^\s*<@[^>]*>/.test(text)
    ? text.replace(/^\s*<@[^>]*>/, '')
    : text.replace(/<@[^>]*>/, ' ');
  return spoken.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').trim();
}
