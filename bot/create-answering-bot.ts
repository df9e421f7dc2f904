import type { Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { createCardLink } from './announcer/card-link.ts';
import type { AnnouncerOptions } from './announcer/create-slack-announcer.ts';
import type { Bot, CardHints, DatasetInbox, LocalControls } from './interaction/bot.ts';
import { bindSlackApp } from './slack/bind-app.ts';
import { refuseAfterHandingOver } from './slack/current-request.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { withLateRequests } from './slack/late-requests.ts';
import { createHandler, type SlackHandler, type VerifiedRequest } from './slack/verify-request.ts';
import { slackClientOptions } from './web-api/client-options.ts';
import { createNotifications } from './web-api/notifications.ts';
import { createPeople } from './web-api/people.ts';

export interface AnsweringBotOptions
  extends Pick<
    AnnouncerOptions,
    'config' | 'pipeline' | 'announcements' | 'preferences' | 'clock' | 'log' | 'isRemote'
  > {
  readonly slack: AnnouncerOptions['slack'] & {
    /** Verifies requests to `handler`; null where requests arrive by Socket Mode only. */
    readonly signingSecret: string | null;
    readonly botUserId?: string;
  };
  /** Only where everything runs on one machine: adds `/mlops interrupt`. */
  readonly local?: LocalControls;
  /** Where files shared in Slack become datasets; left out: nowhere. */
  readonly datasets?: DatasetInbox;
  /** Models that are retrained by the clock, with the expression of each; left out: none. */
  readonly schedules?: Readonly<Record<string, string>>;
  /**
   * Called after a click that may have made a card stale: an announcer, or on Lambda, where nothing
   * runs after the answer, the queue of the announcing function.
   */
  readonly cards: CardHints;
  /** Where nothing runs after the answer: starts `work` with the request, elsewhere and at once. */
  readonly handOver?: (request: VerifiedRequest) => Promise<void>;
}

/** A Web API call during a click must fit into Slack's 3 s. */
const TIMEOUT_MILLISECONDS = 2_000;

export interface AnsweringBot {
  /** Answers signed HTTP requests from Slack. */
  readonly handler: SlackHandler;
  /** Does a request that was handed over, without a deadline. */
  readonly work: (request: VerifiedRequest) => Promise<void>;
  /** Binds the same routes to another transport of Bolt. */
  readonly attach: (receiver: Receiver) => void;
  /** What commands need, for a source other than Slack: the command line. */
  readonly bot: Bot;
}

/** The half of the bot that answers requests from Slack. */
export function createAnsweringBot(options: AnsweringBotOptions): AnsweringBot {
  const { config, pipeline, slack, clock, log } = options;
  const clientOptions = {
    ...slackClientOptions({
      ...slack,
      timeout: TIMEOUT_MILLISECONDS,
      log,
      beforeCall: refuseAfterHandingOver,
    }),
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 },
  };
  const client = new WebClient(slack.botToken, clientOptions);
  const bot: Bot = {
    config,
    pipeline,
    cards: options.cards,
    client,
    clock,
    log,
    people: createPeople({ config, client, clock, log }),
    local: options.local ?? null,
    datasets: options.datasets ?? null,
    isRemote: options.isRemote === true,
    schedules: options.schedules ?? {},
    notifications:
      options.preferences === undefined
        ? null
        : createNotifications({ preferences: options.preferences, client }),
    cardLink: createCardLink({ announcements: options.announcements, client, log }),
  };
  const attach = (receiver: Receiver) => bindSlackApp({ bot, slack, clientOptions, receiver });
  const http = createHttpReceiver({ log });
  attach(http.receiver);
  const { handOver } = options;
  const late = withLateRequests({
    dispatch: http.dispatch,
    handOver: handOver ?? (() => Promise.reject(new Error('Nothing takes requests over here.'))),
    log,
  });
  return {
    handler: createHandler({
      signingSecret: slack.signingSecret,
      clock,
      dispatch: handOver === undefined ? http.dispatch : late.dispatch,
      log,
    }),
    work: late.work,
    attach,
    bot,
  };
}
