import { App, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { actionIds } from '../blocks/button.ts';
import { aboutRunId, rejectionModalId } from '../blocks/modal.ts';
import { acknowledgeAlert, muteAlert, unmuteAlert } from '../features/alerts/alert-actions.ts';
import { approve, openRejection } from '../features/approval/decide-actions.ts';
import { chooseHomeModel } from '../features/home/home-actions.ts';
import { choosePromotion, confirmPromotion } from '../features/promotion/promote-actions.ts';
import { retrainFormId } from '../features/retrain/retrain-modal.ts';
import { changeRetrainModel, openRetrainForm } from '../features/retrain/submit-retrain.ts';
import { runAgain, stopRun, switchRunToOnDemand } from '../features/retry/run-again.ts';
import {
  askRollback,
  askRollbackOfRun,
  rollBackNow,
} from '../features/rollback/rollback-actions.ts';
import { rollbackFormId } from '../features/rollback/rollback-modal.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Click } from '../interaction/click.ts';
import { quietLogger } from '../web-api/quiet-logger.ts';
import { onRejection, onRetrainForm, onRollbackForm } from './form-routes.ts';
import { onMention } from './mention-route.ts';
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
