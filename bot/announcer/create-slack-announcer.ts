import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import { slackClientOptions } from '../web-api/client-options.ts';
import { createPeople } from '../web-api/people.ts';
import type { PreferenceStore } from '../web-api/preference-store.ts';
import { createAnnounceAlert } from './announce-alert.ts';
import { createAnnounceNotice } from './announce-notice.ts';
import { createAnnounceRun } from './announce-run.ts';
import { createAnnounceToPeople } from './announce-to-people.ts';
import type { AnnouncementStore } from './announcement-store.ts';
import { type Announcer, createAnnouncer, type Pace } from './announcer.ts';
import { createCardLink } from './card-link.ts';
import { createChartSupport } from './chart-support.ts';
import { createPoster } from './poster.ts';
import { createSlackPace, slackRates } from './slack-pace.ts';

export interface AnnouncerOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly slack: {
    readonly botToken: string;
    /** Another Web API than Slack's own; ends in `/api/`. */
    readonly apiUrl?: string;
  };
  readonly announcements: AnnouncementStore;
  /** What people chose about direct messages; left out: there are none. */
  readonly preferences?: PreferenceStore;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly pace?: Partial<Pace>;
  /** How often Slack takes calls (default: as its documentation says). */
  readonly rates?: typeof slackRates;
  /**
   * How long another process may hold an unfinished post before it counts as dead, in seconds
   * (default 20). 0 where there is only one process: what it finds is its own past.
   */
  readonly claimSeconds?: number;
  /** The workspace is read on other machines than this one; left out: not so. */
  readonly isRemote?: boolean;
}

const TIMEOUT_MILLISECONDS = 10_000;
/**
 * 20 edits a minute at most for progress. Slack allows 50 of `chat.update` (tier 3,
 * docs.slack.dev/apis/web-api/rate-limits): the rest is for changes of state, and for clicks.
 */
const PROGRESS_MILLISECONDS = 3_000;
const CLAIM_SECONDS = 20;

/** The half of the bot that speaks first: cards, threads and notices, by Slack's Web API alone. */
export function createSlackAnnouncer(options: AnnouncerOptions): Announcer {
  const { config, pipeline, slack, clock, log } = options;
  const client = new WebClient(slack.botToken, {
    ...slackClientOptions({ ...slack, timeout: TIMEOUT_MILLISECONDS, log }),
    // A post is never repeated blindly: the announcer looks first whether it happened.
    retryConfig: { retries: 0 },
  });
  const pace: Pace = {
    progressMilliseconds: PROGRESS_MILLISECONDS,
    elapsed: () => performance.now(),
    wait: async (milliseconds, signal) => {
      await sleep(milliseconds, undefined, { signal });
    },
    random: Math.random,
    ...options.pace,
  };
  const slackPace = createSlackPace({
    elapsed: pace.elapsed,
    rates: options.rates ?? slackRates,
    wait: pace.wait,
  });
  const charts = createChartSupport({ clock, log });
  const shared = {
    config,
    pipeline,
    poster: createPoster({ client, charts, pace: slackPace, log }),
    clock,
    log,
    store: options.announcements,
    owner: randomUUID(),
    claimSeconds: options.claimSeconds ?? CLAIM_SECONDS,
    cardLink: createCardLink({ announcements: options.announcements, client, log }),
  };
  const { preferences } = options;
  const people = createPeople({ config, client, clock, log });
  const direct = preferences && createAnnounceToPeople({ ...shared, preferences, people });
  const announceAlert = createAnnounceAlert({
    ...shared,
    ...(direct === undefined ? {} : { announceToPeople: direct.alert }),
  });
  const announcer = createAnnouncer({
    pipeline,
    clock,
    log,
    announceRun: createAnnounceRun({
      ...shared,
      announceAlert,
      ...(direct === undefined ? {} : { announceRequest: direct.request }),
      isRemote: options.isRemote === true,
    }),
    announceAlert,
    announceNotice: createAnnounceNotice(shared),
    pace,
  });
  return {
    ...announcer,
    async close() {
      const closed = announcer.close();
      // What waits for its turn is announced by the next process.
      slackPace.close();
      await closed;
    },
  };
}
