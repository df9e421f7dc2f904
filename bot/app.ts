import { App, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { acknowledgeAlert, muteAlert, unmuteAlert } from './actions/alert-actions.ts';
import type { Click } from './actions/click.ts';
import { approve, openRejection } from './actions/decide.ts';
import { chooseHomeModel } from './actions/home.ts';
import { choosePromotion, confirmPromotion } from './actions/promote.ts';
import { changeRetrainModel, openRetrainForm } from './actions/retrain-form.ts';
import { askRollback, askRollbackOfRun, rollBackNow } from './actions/rollback.ts';
import { runAgain, stopRun, switchRunToOnDemand } from './actions/run-actions.ts';
import type { Bot } from './bot.ts';
import { onRejection, onRetrainForm, onRollbackForm } from './form-routes.ts';
import { onMention } from './mention-route.ts';
import { actionIds } from './messages/buttons.ts';
import { aboutRunId, rejectionModalId } from './messages/modals.ts';
import { retrainFormId } from './messages/retrain-form.ts';
import { rollbackFormId } from './messages/rollback-question.ts';
import { quietLogger } from './quiet-logger.ts';
import { onClick, onCommand, onHomeOpened } from './routes.ts';
import { onAboutRun } from './shortcut-route.ts';

const clicks: Readonly<Record<string, (bot: Bot, click: Click) => Promise<void>>> = {
  [actionIds.approve]: approve,
  [actionIds.reject]: openRejection,
  [actionIds.stop]: stopRun,
  [actionIds.onDemand]: switchRunToOnDemand,
  [actionIds.rollBack]: askRollbackOfRun,
  [actionIds.runAgain]: runAgain,
  [actionIds.rollBackModel]: askRollback,
  [actionIds.rollBackNow]: rollBackNow,
  [actionIds.retrainModel]: openRetrainForm,
  [actionIds.retrainChooseModel]: changeRetrainModel,
  [actionIds.promoteChoose]: choosePromotion,
  [actionIds.promoteConfirm]: confirmPromotion,
  [actionIds.acknowledge]: acknowledgeAlert,
  [actionIds.muteAlert]: muteAlert,
  [actionIds.unmuteAlert]: unmuteAlert,
  [actionIds.homeModel]: chooseHomeModel,
  [actionIds.homeRefresh]: chooseHomeModel,
};

/** Binds every route to its callback, whichever way Slack's requests arrive at `receiver`. */
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
    // Our own answer instead of an auth.test, which would cost the first request a round trip.
    authorize: async () => ({
      botToken: slack.botToken,
      ...(slack.botUserId === undefined ? {} : { botUserId: slack.botUserId }),
    }),
  });

  app.command('/mlops', onCommand(bot));
  for (const [actionId, handle] of Object.entries(clicks))
    app.action(actionId, onClick(bot, handle));
  app.view(rejectionModalId, onRejection(bot));
  app.view(retrainFormId, onRetrainForm(bot));
  app.view(rollbackFormId, onRollbackForm(bot));
  app.shortcut({ callback_id: aboutRunId, type: 'message_action' }, onAboutRun(bot));
  app.event('app_home_opened', onHomeOpened(bot));
  app.event('app_mention', onMention(bot));
}
