import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Config } from '../pipeline/core/config.ts';
import type { Pipeline } from '../pipeline/core/pipeline.ts';
import type { Clock } from '../pipeline/core/ports.ts';
import { createAnnounceIncident } from './announcer/announce-incident.ts';
import { createAnnounceNotice } from './announcer/announce-notice.ts';
import { createAnnounceRun } from './announcer/announce-run.ts';
import type { AnnouncementStore } from './announcer/announcement-store.ts';
import { type Announcer, createAnnouncer, type Pace } from './announcer/announcer.ts';
import { createPoster } from './announcer/poster.ts';
import { bindSlackApp } from './app.ts';
import type { Bot, CardHints, LocalDoors } from './bot.ts';
import { createCardLink } from './card-link.ts';
import { createHandler, type SlackHandler } from './handler.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { createPeople } from './people.ts';
import { slackClientOptions } from './slack-client-options.ts';

export interface BotOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly slack: {
    readonly botToken: string;
    /** Verifies what the handler is sent; null where requests come by Socket Mode alone. */
    readonly signingSecret: string | null;
    readonly botUserId?: string;
    /** Another Web API than Slack's own; ends in `/api/`. */
    readonly apiUrl?: string;
  };
  readonly announcements: AnnouncementStore;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Only where everything runs on one machine: adds `/mlops interrupt`. */
  readonly local?: LocalDoors;
  /**
   * Hears after a click that a card may be out of date (default: the returned announcer). On
   * Lambda nothing runs on after the answer, so a queue before the announcing function goes here.
   */
  readonly cards?: CardHints;
  readonly pace?: Partial<Pace>;
  /**
   * How long another process may hold an unfinished post before it counts as dead, in seconds
   * (default 20). 0 where there is only one process: what it finds is its own past.
   */
  readonly claimSeconds?: number;
}

/** Calls during a click must fit into Slack's 3 s; those of the announcer need not. */
const CLICK_TIMEOUT_MILLISECONDS = 2_000;
const ANNOUNCE_TIMEOUT_MILLISECONDS = 10_000;
const PROGRESS_MILLISECONDS = 1_200;
const CLAIM_SECONDS = 20;

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
  const announcing = new WebClient(
    slack.botToken,
    // A post is never repeated blindly: the announcer looks first whether it happened.
    clientOptions(options, ANNOUNCE_TIMEOUT_MILLISECONDS, 0),
  );
  const interactive = clientOptions(options, CLICK_TIMEOUT_MILLISECONDS, 1);
  const client = new WebClient(slack.botToken, interactive);
  const poster = createPoster({ client: announcing, log });
  const shared = {
    config,
    pipeline,
    poster,
    clock,
    log,
    store: options.announcements,
    owner: randomUUID(),
    claimSeconds: options.claimSeconds ?? CLAIM_SECONDS,
  };
  const announcer = createAnnouncer({
    pipeline,
    clock,
    log,
    announceRun: createAnnounceRun({ ...shared, drawChart }),
    announceIncident: createAnnounceIncident({ ...shared, drawChart: drawAlertChart }),
    announceNotice: createAnnounceNotice(shared),
    pace: {
      progressMilliseconds: PROGRESS_MILLISECONDS,
      wait: async (milliseconds, signal) => {
        await sleep(milliseconds, undefined, { signal });
      },
      random: Math.random,
      ...options.pace,
    },
  });
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
  const attach = (receiver: Receiver) =>
    bindSlackApp({ bot, slack, clientOptions: interactive, receiver });
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

/** Loaded on first use: a cold start need not pay for charts. */
const drawChart: Parameters<typeof createAnnounceRun>[0]['drawChart'] = async (run, facts) => {
  const { drawEvaluationChart } = await import('./charts/evaluation-chart.ts');
  return drawEvaluationChart(run, facts);
};

const drawAlertChart: Parameters<typeof createAnnounceIncident>[0]['drawChart'] = async (
  incident,
  facts,
) => {
  const { drawIncidentChart } = await import('./charts/incident-chart.ts');
  return drawIncidentChart(incident, facts);
};

function clientOptions(
  { slack, log }: BotOptions,
  timeout: number,
  retries: number,
): WebClientOptions {
  const { apiUrl } = slack;
  return {
    ...slackClientOptions({ ...(apiUrl === undefined ? {} : { apiUrl }), timeout, log }),
    retryConfig: { retries, minTimeout: 100, maxTimeout: 300 },
  };
}
