// Do answers and the page stay as quick as the history grows? Two teams, asked in turns, differ in
// nothing but their history: real stores in files, signed requests through the whole bot, the
// workspace page's own HTTP interface.
//
// An answer shows the five newest runs of a model. 100 runs give 20 models five each, so that both
// teams get the same answer; 50 models are compared from 250 runs on for the same reason, and once
// with 100, where each has two.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteAnnouncementStore } from '../bot/adapters/local/sqlite-announcement-store.ts';
import { createBot } from '../bot/create-bot.ts';
import { openDatabase } from '../pipeline/local/database.ts';
import { signed, signingSecret } from '../test/bot/bot-harness.ts';
import { createFakeSlack } from '../test/bot/fake-slack.ts';
import { createFleetWorld, createSqliteStores } from '../test/load/fleet-world.ts';
import { openWorkspaceWith } from '../test/load/workspace.ts';
import { type Bench, type Figures, median } from './bench.ts';

const LONG = 10_000;
const ROUNDS = 60;
const WARM_UP = 10;

const clock = { now: () => new Date() };

interface Team {
  status(): Promise<unknown>;
  home(): Promise<unknown>;
  close(): Promise<void>;
}

async function openTeam(folder: string, models: number, runs: number): Promise<Team> {
  const stores = createSqliteStores(join(mkdtempSync(join(folder, 'team-')), 'state.sqlite'));
  const { deps, pipeline } = await createFleetWorld({ models, runs, clock, stores });
  const slack = await createFakeSlack();
  const { handler, announcer } = createBot({
    config: deps.config,
    pipeline,
    slack: { botToken: 'xoxb-bench', signingSecret, botUserId: 'U0MLOPS', apiUrl: slack.apiUrl },
    announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
    clock,
    log: (line) => console.error(line),
  });
  let requests = 0;

  async function ask(body: string, contentType: string): Promise<void> {
    const { statusCode } = await handler(signed(body, contentType, clock.now()));
    if (statusCode !== 200) throw new Error(`The bot answered ${statusCode}.`);
  }

  return {
    status: () => {
      requests += 1;
      const fields = {
        command: '/mlops',
        text: 'status',
        user_id: 'U0ADA',
        user_name: 'Ada',
        channel_id: 'C0MLOPS',
        channel_name: 'ml-ops',
        team_id: 'T0',
        trigger_id: `trigger-${requests}`,
        response_url: slack.responseUrl,
      };
      const form = new URLSearchParams(fields).toString();
      return ask(form, 'application/x-www-form-urlencoded');
    },
    home: () => {
      requests += 1;
      const event = { type: 'app_home_opened', user: 'U0ADA', tab: 'home', channel: 'D0' };
      const body = {
        type: 'event_callback',
        event_id: `Ev${requests}`,
        event_time: 1,
        team_id: 'T0',
        api_app_id: 'A0',
        token: 't',
        authorizations: [{ team_id: 'T0', user_id: 'U0MLOPS', is_bot: true, enterprise_id: null }],
        event,
      };
      return ask(JSON.stringify(body), 'application/json');
    },
    async close() {
      await announcer.close();
      await slack.close();
      stores.close();
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Medians in milliseconds of both teams, asked in turns. */
async function compare(short: () => Promise<unknown>, long: () => Promise<unknown>) {
  const times = { short: [] as number[], long: [] as number[] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const each = { short: await timed(short), long: await timed(long) };
    if (round < 0) continue;
    times.short.push(each.short);
    times.long.push(each.long);
  }
  return { short: median(times.short), long: median(times.long) };
}

async function compareTeams(folder: string, models: number, runs: number) {
  const short = await openTeam(folder, models, runs);
  const long = await openTeam(folder, models, LONG);
  try {
    const status = await compare(short.status, long.status);
    return { status, home: await compare(short.home, long.home) };
  } finally {
    await short.close();
    await long.close();
  }
}

async function comparePages(folder: string) {
  const short = await openWorkspaceWith({ folder: join(folder, 'page-100'), runs: 100 });
  const long = await openWorkspaceWith({ folder: join(folder, 'page-10000'), runs: LONG });
  try {
    const { startMilliseconds } = long;
    return { ...(await compare(short.openPage, long.openPage)), startMilliseconds };
  } finally {
    await short.close();
    await long.close();
  }
}

async function run(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-history-'));
  try {
    const team = await compareTeams(folder, 20, 100);
    const large = await compareTeams(folder, 50, 250);
    const sparse = await compareTeams(folder, 50, 100);
    const page = await comparePages(folder);
    return {
      'history10k.statusMs': team.status.long,
      'history10k.statusRatio': team.status.long / team.status.short,
      'history10k.homeMs': team.home.long,
      'history10k.homeRatio': team.home.long / team.home.short,
      'history10k.fiftyModelsStatusMs': large.status.long,
      'history10k.fiftyModelsStatusRatio': large.status.long / large.status.short,
      'history10k.fiftyModelsHomeRatio': large.home.long / large.home.short,
      'history10k.fiftyModelsTwoRunsRatio': sparse.status.long / sparse.status.short,
      'history10k.pageMs': page.long,
      'history10k.pageRatio': page.long / page.short,
      'history10k.pageStartMs': page.startMilliseconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: 'history10k',
  title: '/mlops status, Home and the page: 10,000 runs of history against 100',
  run,
};
