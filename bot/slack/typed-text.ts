import { answerCommand } from '../features/answer-command.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Caller, Reply } from '../interaction/command.ts';
import type { ThreadSubject } from '../interaction/thread-subject.ts';
import { subjectOfThread } from '../web-api/subject-of-thread.ts';
import { answerInTime } from './ack-deadline.ts';

/** What a person wrote to the bot in a message, rather than as a slash command. */
export interface Written {
  readonly eventId: string;
  readonly user: string;
  readonly text: string;
  readonly channel: string;
  /** The message that starts the thread it is in; left out: none. */
  readonly rootTs?: string | undefined;
}

/** Slack resends an event when it thinks the first delivery was lost; we remember this many ids. */
const MOST_REMEMBERED = 500;

/** Runs what people wrote as a command, each event once; null when there is nothing to say. */
export function createTypedText(bot: Bot): (written: Written) => Promise<Reply | null> {
  const answered = new Set<string>();
  return async ({ eventId, user, text, channel, rootTs }) => {
    if (answered.has(eventId)) return null;
    answered.add(eventId);
    if (answered.size > MOST_REMEMBERED) answered.delete([...answered][0] ?? '');
    return answerInTime(bot, async () => {
      const [about, memberOf, actor] = await Promise.all([
        rootTs === undefined ? null : threadSubject(bot, { channel, rootTs }),
        bot.people.memberOf(user),
        bot.people.actorOf(user),
      ]);
      const caller: Caller = {
        actor,
        memberOf,
        requestId: `slack:${eventId}`,
        ...(about === null ? {} : { about }),
      };
      const typed = withoutMention(text);
      return answerCommand(bot, {
        text: typed || (about === null ? 'help short=true' : ''),
        caller,
      });
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
function withoutMention(text: string): string {
  const spoken = /^\s*<@[^>]*>/.test(text)
    ? text.replace(/^\s*<@[^>]*>/, '')
    : text.replace(/<@[^>]*>/, ' ');
  return spoken.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').trim();
}
