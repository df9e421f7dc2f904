import type { AllMiddlewareArgs, MessageShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { noticeModal } from '../blocks/modal.ts';
import { aboutRun } from '../features/status/about-run.ts';
import type { Bot } from '../interaction/bot.ts';
import { actorOf } from '../interaction/click.ts';
import { subjectOfThread } from '../web-api/subject-of-thread.ts';
import { answerInTime, orErrorAnswer } from './ack-deadline.ts';

/**
 * The message shortcut “About this run”. On a card or in its thread it answers in the thread, like
 * a mention; on any other message it opens a modal for the asker.
 */
export function onAboutRun(bot: Bot) {
  return async ({
    ack,
    shortcut,
  }: SlackShortcutMiddlewareArgs<MessageShortcut> & AllMiddlewareArgs): Promise<void> => {
    const { channel, message: marked, trigger_id: triggerId, user } = shortcut;
    const rootTs = String(marked.thread_ts ?? marked.ts);
    let isRun = false;
    const reply = await answerInTime(bot, async () => {
      const [subject, asker] = await Promise.all([
        subjectOfThread(bot, { channel: channel.id, rootTs }),
        bot.people.actorOf(user.id, actorOf(user).name),
      ]);
      const run = subject?.kind === 'run' ? await bot.pipeline.getRun(subject.id) : null;
      isRun = run !== null;
      return aboutRun(bot, asker.name, run);
    });
    await orErrorAnswer(bot, async () => {
      if (isRun) {
        const { text, blocks } = reply;
        const message = { channel: channel.id, thread_ts: rootTs, text, blocks: [...blocks] };
        await bot.client.chat.postMessage(message);
      } else {
        await bot.client.views.open({ trigger_id: triggerId, view: noticeModal(reply) });
      }
    });
    await ack();
  };
}
