import type {
  AllMiddlewareArgs,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackEventMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { Actor } from '../pipeline/core/run.ts';
import { actorOf, type Click, readClick } from './actions/click.ts';
import { submitRejection } from './actions/decide.ts';
import { publishHome } from './actions/home.ts';
import type { Bot } from './bot.ts';
import { runCommand } from './commands/run-command.ts';
import { answerInTime, orErrorAnswer } from './in-time.ts';
import { noticeModal, reasonField } from './messages/modals.ts';

/** Between Bolt's arguments and ours: what Slack sent goes in, what Slack should show comes out. */

export function onCommand(bot: Bot) {
  return async ({ command, ack }: SlackCommandMiddlewareArgs): Promise<void> => {
    const actor: Actor = { kind: 'person', id: command.user_id, name: command.user_name };
    const reply = await answerInTime(bot, async () =>
      runCommand(command.text ?? '', bot, {
        actor,
        memberOf: await bot.people.memberOf(command.user_id),
        requestId: `slack:${command.trigger_id}`,
      }),
    );
    await ack({ response_type: 'ephemeral', text: reply.text, blocks: [...reply.blocks] });
  };
}

export function onClick(bot: Bot, handle: (bot: Bot, click: Click) => Promise<void>) {
  return async ({
    ack,
    body,
    respond,
  }: SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readClick(body, respond, bot.client);
    const failure = await orErrorAnswer(bot, () => handle(bot, click));
    if (failure !== null) await orErrorAnswer(bot, () => click.answer(failure));
  };
}

export function onRejection(bot: Bot) {
  return async ({ ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const reason = view.state.values[reasonField.block]?.[reasonField.action]?.value?.trim() ?? '';
    if (reason === '') {
      await ack({
        response_action: 'errors',
        errors: { [reasonField.block]: 'Say why, in a few words.' },
      });
      return;
    }
    let refusal: Awaited<ReturnType<typeof submitRejection>> = null;
    const submitted = { actor: actorOf(body.user), metadata: view.private_metadata, reason };
    const failure = await orErrorAnswer(bot, async () => {
      refusal = await submitRejection(bot, submitted);
    });
    const told = failure ?? refusal;
    await (told === null ? ack() : ack({ response_action: 'update', view: noticeModal(told) }));
  };
}

export function onHomeOpened(bot: Bot) {
  return async ({ event }: SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    if (event.tab === 'home') await orErrorAnswer(bot, () => publishHome(bot, event.user));
  };
}

/** `@mlops status` does what `/mlops status` does, answered to the asker alone. */
export function onMention(bot: Bot) {
  return async ({ event, body }: SlackEventMiddlewareArgs<'app_mention'>): Promise<void> => {
    const user = event.user;
    if (user === undefined) return;
    const reply = await answerInTime(bot, async () =>
      runCommand(mentionText(event.text), bot, {
        // Events carry no name, and asking for it would need one more scope: the id serves.
        actor: { kind: 'person', id: user, name: user },
        memberOf: await bot.people.memberOf(user),
        requestId: `slack:${body.event_id}`,
      }),
    );
    await orErrorAnswer(bot, async () => {
      await bot.client.chat.postEphemeral({
        channel: event.channel,
        user,
        text: reply.text,
        blocks: [...reply.blocks],
        ...(event.thread_ts === undefined ? {} : { thread_ts: event.thread_ts }),
      });
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
