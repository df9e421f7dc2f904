import { App, AwsLambdaReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Click } from './actions/click.ts';
import { approve, openRejection } from './actions/decide.ts';
import { chooseHomeModel } from './actions/home.ts';
import { retrainModel, rollBackModel } from './actions/model-actions.ts';
import { rollBackRun, runAgain, stopRun } from './actions/run-actions.ts';
import type { Bot } from './bot.ts';
import type { VerifiedRequest } from './handler.ts';
import { actionIds } from './messages/buttons.ts';
import { rejectionModalId } from './messages/modals.ts';
import { quietLogger } from './quiet-logger.ts';
import { onClick, onCommand, onHomeOpened, onMention, onRejection } from './routes.ts';

const clicks: Readonly<Record<string, (bot: Bot, click: Click) => Promise<void>>> = {
  [actionIds.approve]: approve,
  [actionIds.reject]: openRejection,
  [actionIds.stop]: stopRun,
  [actionIds.rollBack]: rollBackRun,
  [actionIds.runAgain]: runAgain,
  [actionIds.rollBackModel]: rollBackModel,
  [actionIds.retrainModel]: retrainModel,
  [actionIds.homeModel]: chooseHomeModel,
  [actionIds.homeRefresh]: chooseHomeModel,
};

/** Binds every route to its callback; returns what answers a verified request. */
export function createSlackApp(options: {
  bot: Bot;
  slack: { botToken: string; signingSecret: string; botUserId?: string };
  clientOptions: WebClientOptions;
}): (request: VerifiedRequest) => Promise<{ statusCode: number; body: string; headers?: object }> {
  const { bot, slack, clientOptions } = options;
  const logger = quietLogger(bot.log);
  // The handler has verified the signature, with the injected clock and before parsing.
  const receiver = new AwsLambdaReceiver({
    signingSecret: slack.signingSecret,
    signatureVerification: false,
    logger,
  });
  const app = new App({
    receiver,
    logger,
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
  app.event('app_home_opened', onHomeOpened(bot));
  app.event('app_mention', onMention(bot));

  const handle = receiver.toHandler();
  return ({ headers, body }) =>
    handle(
      {
        headers,
        body,
        isBase64Encoded: false,
        rawPath: '/slack/events',
        rawQueryString: '',
        routeKey: '',
        version: '2.0',
        requestContext: {},
      },
      {},
    );
}
