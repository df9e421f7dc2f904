import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { createBot } from '../../bot/create-bot.ts';
import { openSocketConnection } from '../../bot/slack/socket-connection.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { testConfig } from './bot-harness.ts';
import { createFakePipeline, type FakePipeline } from './fake-pipeline.ts';
import { createSocketWorkspace } from './socket-workspace.ts';
import { arrange, mentions, rows } from './words.ts';

const CHANNEL = 'C0MLOPS';

type World = Awaited<ReturnType<typeof createSocketWorkspace>>;

let world: World;
let pipeline: FakePipeline;
let closing: (() => Promise<unknown>)[];

beforeAll(async () => {
  world = await createSocketWorkspace();
});

afterAll(() => world.close());

beforeEach(async () => {
  const clock = createFakeClock('2026-11-20T09:40:00.000Z');
  pipeline = createFakePipeline({ config: testConfig, clock });
  const bot = createBot({
    config: testConfig,
    pipeline,
    slack: {
      botToken: world.botToken,
      signingSecret: null,
      botUserId: 'U0MLOPS',
      apiUrl: world.apiUrl,
    },
    announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
    clock,
    log: () => {},
    claimSeconds: 20,
  });
  pipeline.onChange((id) => bot.announcer.onEvent(id));
  const connection = await openSocketConnection({
    appToken: 'xapp-1',
    apiUrl: world.apiUrl,
    attach: bot.attach,
    log: () => {},
    pace: { pingMilliseconds: 1_000, retryMilliseconds: 20 },
  });
  closing = [() => connection.close(), () => bot.announcer.close()];
});

afterEach(async () => {
  for (const close of closing) await close();
});

/** Everything this person sees now that they did not see before: messages, threads and forms. */
async function see(user: string, before: ReadonlySet<string>): Promise<string> {
  const shown = await everything(user);
  const fresh = shown.filter(({ id }) => !before.has(id));
  return fresh.map(({ text }) => text).join('\n');
}

interface Shown {
  readonly id: string;
  readonly text: string;
}

async function everything(user: string): Promise<readonly Shown[]> {
  const [messages, views] = await Promise.all([
    world.client.messages(CHANNEL, { user }),
    world.client.views(user),
  ]);
  const threads = await Promise.all(
    messages.map(({ ts }) => world.client.thread(CHANNEL, ts, { user }).catch(() => [])),
  );
  return [
    ...[...messages, ...threads.flat()].map((message) => ({
      id: message.ts,
      text: plainText(message as never),
    })),
    ...views.map((view) => ({
      id: view.id,
      text: `${titleOf(view)}\n${plainText(view as never)}`,
    })),
  ];
}

const titleOf = (view: object): string =>
  'title' in view ? String((view.title as { text?: string }).text ?? '') : '';

async function closeForms(user: string): Promise<void> {
  for (const view of await world.client.views(user)) await world.client.closeView({ user, view });
}

const typing = {
  command: async (user: string, typed: string) => {
    await world.client.command({ user, channel: CHANNEL, text: `/mlops ${typed}` });
  },
};

describe('what people type in Slack, over Socket Mode', () => {
  let right = 0;

  afterAll(() => {
    const all = rows.length + mentions.length;
    // In trials before, 1 of the first 36 rows was.
    console.log(`${right} of ${all} rows of the table of words are right`);
  });

  it.each(rows)('“$typed” shows what they need', async ({ typed, when, by = 'U0ADA', ...row }) => {
    await closeForms(by);
    await arrange(pipeline, (text) => typing.command('U0ADA', text), when);
    const before = new Set((await everything(by)).map(({ id }) => id));

    await typing.command(by, typed);
    const seen = await world.client.waitFor(
      async () => {
        const text = await see(by, before);
        return row.shows.every((each) => text.includes(each)) ? text : null;
      },
      { what: `${row.shows.join(' and ')} after “${typed}”`, timeoutMs: 15_000 },
    );

    for (const command of row.offers ?? []) expect(seen).toContain(`[/mlops ${command}]`);
    expect(pipeline.started).toMatchObject(row.starts ?? []);
    right += 1;
  });

  it.each(mentions)('“@mlops” $typed shows what they need', async ({ typed, inThread, ...row }) => {
    await closeForms('U0ADA');
    await arrange(pipeline, (text) => typing.command('U0ADA', text));
    const root = inThread === true ? await announcedCard() : undefined;
    const before = new Set((await everything('U0ADA')).map(({ id }) => id));

    await world.client.post({
      user: 'U0ADA',
      channel: CHANNEL,
      text: typed,
      ...(root === undefined ? {} : { thread_ts: root }),
    });
    await world.client.waitFor(
      async () => {
        const text = await see('U0ADA', before);
        return row.shows.every((each) => text.includes(each)) ? text : null;
      },
      { what: `${row.shows.join(' and ')} after “${typed}”`, timeoutMs: 15_000 },
    );

    expect(pipeline.started).toMatchObject(row.starts ?? []);
    right += 1;
  });
});

/** The card of the waiting run, which the announcer posts; its stamp. */
async function announcedCard(): Promise<string> {
  const known = new Set((await world.client.messages(CHANNEL, {})).map(({ ts }) => ts));
  const [run] = await pipeline.listRuns({});
  if (run === undefined) throw new Error('There is no run to announce.');
  pipeline.touch(run.id);
  const card = await world.client.waitFor(
    async () => (await world.client.messages(CHANNEL, {})).find(({ ts }) => !known.has(ts)),
    { what: 'the card' },
  );
  return card.ts;
}
