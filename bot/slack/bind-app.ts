import { App, type Receiver, type ViewSubmitAction } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { allActions, allForms } from '../features/all-actions.ts';
import { aboutRunId } from '../features/status/about-run.ts';
import type { Bot } from '../interaction/bot.ts';
import { quietLogger } from '../web-api/quiet-logger.ts';
import { onDirectMessage } from './direct-message-route.ts';
import { onFileShared } from './file-route.ts';
import { onMention } from './mention-route.ts';
import { onClick, onCommand, onForm, onHomeOpened } from './routes.ts';
import { onAboutRun } from './shortcut-route.ts';

/** Binds every route to its callback, for any transport that `receiver` stands for. */
export function bindSlackApp(options: {
  bot: Bot;
  slack: { botToken: string; botUserId?: string };
  clientOptions: WebClientOptions;
  receiver: Receiver;
}): void {
  const { bot, slack, clientOptions, receiver } = options;
  const app = new App({
    receiver,
    logger: quietLogger(bot.log),
    clientOptions,
    convoStore: false,
    // Bolt's default calls auth.test, which would cost the first request a round trip.
    authorize: async () => ({
      botToken: slack.botToken,
      ...(slack.botUserId === undefined ? {} : { botUserId: slack.botUserId }),
    }),
  });

  const clicks = new Map(allActions.map((action) => [action.id, onClick(bot, action)]));
  const submissions = new Map(allForms.map((form) => [form.id, onForm(bot, form)]));

  app.command('/mlops', onCommand(bot));
  // Bolt asks every listener about every request, which took a quarter of its CPU time with one each.
  app.action({ type: 'block_actions' }, async (clicked) =>
    clicks.get(clicked.action.action_id)?.(clicked),
  );
  app.view<ViewSubmitAction>({ type: 'view_submission' }, async (submitted) =>
    submissions.get(submitted.view.callback_id)?.(submitted),
  );
  app.shortcut({ callback_id: aboutRunId, type: 'message_action' }, onAboutRun(bot));
  app.event('app_home_opened', onHomeOpened(bot));
  app.event('file_shared', onFileShared(bot));
  app.event('app_mention', onMention(bot));
  app.event('message', onDirectMessage(bot));
}
