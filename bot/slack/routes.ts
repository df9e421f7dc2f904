import type {
  AllMiddlewareArgs,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackEventMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { answer } from '../blocks/answer.ts';
import { noticeModal } from '../blocks/modal.ts';
import { answerCommand } from '../features/answer-command.ts';
import { recordClick, recordForm } from '../features/audit/record-audit.ts';
import { publishHome } from '../features/home/home-actions.ts';
import type { Action } from '../interaction/action.ts';
import type { Bot } from '../interaction/bot.ts';
import { actorOf, readClick } from '../interaction/click.ts';
import type { Caller } from '../interaction/command.ts';
import {
  type Form,
  type FormValues,
  readField,
  type Submission,
  type Submitted,
} from '../interaction/form.ts';
import { tryToOpen } from '../web-api/open-modal.ts';
import { replacePrivateAnswer } from '../web-api/private-answer.ts';
import { answerInTime, failureOf, orErrorAnswer } from './ack-deadline.ts';
import { currentRequest } from './current-request.ts';
import { requestIdOf } from './request-id.ts';

/** Translates Bolt's arguments into ours, and our replies into what Bolt sends back. */

export function onCommand(bot: Bot) {
  return async ({ command, ack, respond }: SlackCommandMiddlewareArgs): Promise<void> => {
    const { user_id: userId, user_name: userName, text = '' } = command;
    const reply = await answerInTime(bot, async () => {
      const caller: Caller = {
        actor: bot.people.knownActor(userId, userName),
        named: () => bot.people.actorOf(userId, userName),
        memberOf: await bot.people.memberOf(userId),
        requestId: requestIdOf(bot, [userId, command.channel_id, text]),
        deliveryId: `slack:${command.trigger_id}`,
        openModal: (view) =>
          tryToOpen(bot, () => bot.client.views.open({ trigger_id: command.trigger_id, view })),
      };
      return answerCommand(bot, { text, caller });
    });
    const message = reply && { text: reply.text, blocks: [...reply.blocks] };
    if (message === null) return ack();
    if (currentRequest()?.isLate !== true) return ack({ response_type: 'ephemeral', ...message });
    await ack();
    await orErrorAnswer(bot, async () => {
      await respond({ response_type: 'ephemeral', ...message });
    });
  };
}

export function onClick(bot: Bot, action: Action) {
  return async ({
    ack,
    body,
    respond,
  }: SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const { client } = bot;
    const click = {
      ...readClick(body, {
        respond,
        client,
        publishHome: (userId, shown) => publishHome(bot, userId, shown),
      }),
      actor: await bot.people.actorOf(body.user.id, actorOf(body.user).name),
    };
    const failure = await orErrorAnswer(bot, () => recordClick(bot, action, click));
    if (failure !== null) await orErrorAnswer(bot, () => click.answer(failure));
  };
}

export function onForm(bot: Bot, form: Form) {
  return async ({ ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const submitted = await submit(bot, form, {
      actor: await bot.people.actorOf(body.user.id, actorOf(body.user).name),
      viewId: view.id,
      metadata: view.private_metadata,
      entered: (block) => readField(view.state.values as FormValues, block),
    });
    if (currentRequest()?.isLate === true) {
      await ack();
      await orErrorAnswer(bot, () => answerLate(bot, body.user.id, submitted));
      return;
    }
    switch (submitted.kind) {
      case 'errors':
        return ack({ response_action: 'errors', errors: { ...submitted.errors } });
      case 'answered':
        return ack({ response_action: 'update', view: noticeModal(submitted.reply) });
      case 'next':
        return ack({ response_action: 'update', view: submitted.view });
      case 'closed': {
        await ack();
        const { privateAddress, reply } = submitted;
        if (privateAddress === null) return;
        await orErrorAnswer(bot, () => replacePrivateAnswer(privateAddress, reply));
      }
    }
  };
}

/** The form shows by now that it takes longer, so the answer is a direct message. */
async function answerLate(bot: Bot, userId: string, submitted: Submitted): Promise<void> {
  if (submitted.kind === 'closed' && submitted.privateAddress !== null) {
    await replacePrivateAnswer(submitted.privateAddress, submitted.reply);
    return;
  }
  if (submitted.kind === 'closed') return;
  const { text, blocks } =
    submitted.kind === 'errors'
      ? answer('The form was not accepted.', ...Object.values(submitted.errors))
      : submitted.reply;
  await bot.client.chat.postMessage({ channel: userId, text, blocks: [...blocks] });
}

async function submit(bot: Bot, form: Form, submission: Submission): Promise<Submitted> {
  try {
    return await recordForm(bot, form, submission);
  } catch (error) {
    return { kind: 'answered', reply: failureOf(bot, error) };
  }
}

export function onHomeOpened(bot: Bot) {
  return async ({ event }: SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    if (event.tab === 'home') await orErrorAnswer(bot, () => publishHome(bot, event.user));
  };
}
