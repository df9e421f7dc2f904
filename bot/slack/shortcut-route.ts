import type { AllMiddlewareArgs, MessageShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { noticeModal } from '../blocks/modal.ts';
import { aboutRun } from '../features/status/about-run.ts';
import type { Bot } from '../interaction/bot.ts';
import { actorOf } from '../interaction/click.ts';
import { runOfThread } from '../web-api/run-of-thread.ts';
import { answerInTime, orErrorAnswer } from './ack-deadline.ts';

/**
 * The message shortcut “About this run”, on a card or anything in its thread: answered in the
 * thread, like a mention; on any other message for the asker alone.
 */
export function onAboutRun(bot: Bot) {
  return async ({
    ack,
    shortcut,
  }: SlackShortcutMiddlewareArgs<MessageShortcut> & AllMiddlewareArgs): Promise<void> => {
    const { channel, message, trigger_id: triggerId, user } = shortcut;
    const rootTs = String(message.thread_ts ?? message.ts);
    let isRun = false;
    const reply = await answerInTime(bot, async () => {
      const id = await runOfThread(bot, { channel: channel.id, rootTs });
      const run = id === null ? null : await bot.pipeline.getRun(id);
      isRun = run !== null;
      return aboutRun(bot, actorOf(user).name, run);
    });
    await orErrorAnswer(bot, async () => {
      if (isRun) {
        const { text, blocks } = reply;
        const said = { channel: channel.id, thread_ts: rootTs, text, blocks: [...blocks] };
        await bot.client.chat.postMessage(said);
      } else {
        await bot.client.views.open({ trigger_id: triggerId, view: noticeModal(reply) });
      }
    });
    await ack();
  };
}
