import type {
  AllMiddlewareArgs,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackEventMiddlewareArgs,
} from '@slack/bolt';
import type { Actor } from '../../pipeline/core/run.ts';
import { auditedClick, auditedCommand } from '../features/audit/record-audit.ts';
import { publishHome } from '../features/home/home-actions.ts';
import { runCommand } from '../features/run-command.ts';
import type { Bot } from '../interaction/bot.ts';
import { type Click, readClick } from '../interaction/click.ts';
import type { Caller } from '../interaction/command.ts';
import { tryToOpen } from '../web-api/open-modal.ts';
import { answerInTime, orErrorAnswer } from './ack-deadline.ts';

/** Between Bolt's arguments and ours: what Slack sent goes in, what Slack should show comes out. */

export function onCommand(bot: Bot) {
  return async ({ command, ack }: SlackCommandMiddlewareArgs): Promise<void> => {
    const actor: Actor = { kind: 'person', id: command.user_id, name: command.user_name };
    const text = command.text ?? '';
    const reply = await answerInTime(bot, async () => {
      const caller: Caller = {
        actor,
        memberOf: await bot.people.memberOf(command.user_id),
        requestId: `slack:${command.trigger_id}`,
        openModal: (view) =>
          tryToOpen(bot, () => bot.client.views.open({ trigger_id: command.trigger_id, view })),
      };
      return auditedCommand(bot, { text, caller }, () => runCommand(text, bot, caller));
    });
    if (reply === null) return ack();
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
    const actionId = body.actions[0]?.action_id ?? '';
    const failure = await orErrorAnswer(bot, () => auditedClick(bot, actionId, click, handle));
    if (failure !== null) await orErrorAnswer(bot, () => click.answer(failure));
  };
}

export function onHomeOpened(bot: Bot) {
  return async ({ event }: SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    if (event.tab === 'home') await orErrorAnswer(bot, () => publishHome(bot, event.user));
  };
}
