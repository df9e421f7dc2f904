import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Config } from '../pipeline/core/config.ts';
import type { Pipeline } from '../pipeline/core/pipeline.ts';
import type { Clock } from '../pipeline/core/ports.ts';
import { createAnnounceNotice } from './announcer/announce-notice.ts';
import { createAnnounceRun } from './announcer/announce-run.ts';
import type { AnnouncementStore } from './announcer/announcement-store.ts';
import { type Announcer, createAnnouncer, type Pace } from './announcer/announcer.ts';
import { createPoster } from './announcer/poster.ts';
import { createSlackApp } from './app.ts';
import type { Bot, CardHints, LocalDoors } from './bot.ts';
import { createHandler, type SlackHandler } from './handler.ts';
import { createPeople } from './people.ts';
import { quietLogger } from './quiet-logger.ts';

export interface BotOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly slack: {
    readonly botToken: string;
    readonly signingSecret: string;
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

/** The whole bot: a handler for what Slack sends, and an announcer for what the pipeline does. */
export function createBot(options: BotOptions): { handler: SlackHandler; announcer: Announcer } {
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
  };
  const dispatch = createSlackApp({ bot, slack, clientOptions: interactive });
  return {
    handler: createHandler({ signingSecret: slack.signingSecret, clock, dispatch, log }),
    announcer,
  };
}

/** Loaded on first use: a cold start need not pay for charts. */
const drawChart: Parameters<typeof createAnnounceRun>[0]['drawChart'] = async (run, facts) => {
  const { drawEvaluationChart } = await import('./charts/evaluation-chart.ts');
  return drawEvaluationChart(run, facts);
};

function clientOptions(
  { slack, log }: BotOptions,
  timeout: number,
  retries: number,
): WebClientOptions {
  return {
    ...(slack.apiUrl === undefined ? {} : { slackApiUrl: slack.apiUrl }),
    timeout,
    retryConfig: { retries, minTimeout: 100, maxTimeout: 300 },
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeout) } as RequestInit),
  };
}
