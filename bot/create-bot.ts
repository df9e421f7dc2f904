import type { Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Announcer } from './announcer/announcer.ts';
import { createCardLink } from './announcer/card-link.ts';
import { type AnnouncerOptions, createSlackAnnouncer } from './announcer/create-slack-announcer.ts';
import type { Bot, CardHints, LocalControls } from './interaction/bot.ts';
import { bindSlackApp } from './slack/bind-app.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { createHandler, type SlackHandler } from './slack/verify-request.ts';
import { slackClientOptions } from './web-api/client-options.ts';
import { createPeople } from './web-api/people.ts';

export interface BotOptions extends AnnouncerOptions {
  readonly slack: AnnouncerOptions['slack'] & {
    /** Verifies what the handler is sent; null where requests come by Socket Mode alone. */
    readonly signingSecret: string | null;
    readonly botUserId?: string;
  };
  /** Only where everything runs on one machine: adds `/mlops interrupt`. */
  readonly local?: LocalControls;
  /**
   * Hears after a click that a card may be out of date (default: the returned announcer). On
   * Lambda nothing runs on after the answer, so a queue before the announcing function goes here.
   */
  readonly cards?: CardHints;
}

/** Calls during a click must fit into Slack's 3 s. */
const TIMEOUT_MILLISECONDS = 2_000;

export interface SlackBot {
  /** What Slack sends by signed HTTP. */
  readonly handler: SlackHandler;
  /** Lets the same routes answer what another transport of Bolt receives. */
  readonly attach: (receiver: Receiver) => void;
  readonly announcer: Announcer;
  /** What commands work with, for a door that is not Slack: the command line. */
  readonly bot: Bot;
}

/** The whole bot: answers what Slack sends, and announces what the pipeline does. */
export function createBot(options: BotOptions): SlackBot {
  const { config, pipeline, slack, clock, log } = options;
  const announcer = createSlackAnnouncer(options);
  const clientOptions = {
    ...slackClientOptions({ ...slack, timeout: TIMEOUT_MILLISECONDS, log }),
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 },
  };
  const client = new WebClient(slack.botToken, clientOptions);
  const bot: Bot = {
    config,
    pipeline,
    cards: options.cards ?? announcer,
    client,
    clock,
    log,
    people: createPeople({ config, client, clock, log }),
    local: options.local ?? null,
    cardLink: createCardLink({ announcements: options.announcements, client, log }),
  };
  const attach = (receiver: Receiver) => bindSlackApp({ bot, slack, clientOptions, receiver });
  const http = createHttpReceiver({ log });
  attach(http.receiver);
  return {
    handler: createHandler({
      signingSecret: slack.signingSecret,
      clock,
      dispatch: http.dispatch,
      log,
    }),
    attach,
    announcer,
    bot,
  };
}
