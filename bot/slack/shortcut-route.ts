import type { AllMiddlewareArgs, MessageShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { answer } from '../blocks/answer.ts';
import { modelFacts } from '../blocks/message.ts';
import { noticeModal } from '../blocks/modal.ts';
import { runStatusFor } from '../features/status/status-message.ts';
import type { Bot } from '../interaction/bot.ts';
import { actorOf } from '../interaction/click.ts';
import { runOfThread } from '../web-api/run-of-thread.ts';
import { answerInTime, orErrorAnswer } from './ack-deadline.ts';

const noRun = answer(
  'This message belongs to no run.',
  'Choose a card of mine, or a message in its thread.',
);

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
    const told = await answerInTime(bot, async () => {
      const id = await runOfThread(bot, { channel: channel.id, rootTs });
      const run = id === null ? null : await bot.pipeline.getRun(id);
      isRun = run !== null;
      const asker = actorOf(user).name;
      return run === null ? noRun : runStatusFor(asker, run, modelFacts(bot.config, run.model));
    });
    await orErrorAnswer(bot, async () => {
      if (isRun) {
        const { text, blocks } = told;
        const said = { channel: channel.id, thread_ts: rootTs, text, blocks: [...blocks] };
        await bot.client.chat.postMessage(said);
      } else {
        await bot.client.views.open({ trigger_id: triggerId, view: noticeModal(told) });
      }
    });
    await ack();
  };
}
