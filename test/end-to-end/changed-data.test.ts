import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalClient, type LocalClient } from '../../bot/workspace-page/local-client.ts';
import { plainText } from '../../scripts/demo/plain-text.ts';
import { startApp, temporaryFolder } from './app-process.ts';
import { csv, mails, masked, shouted } from './mail-files.ts';

const channel = 'C0MLOPS';
const first = mails(0, 300);
const ended = /Production is unchanged/;

/** One app for all: version 1 of the model is live, and the data changes in ways that mislead. */
describe('data that changed since the version in production', () => {
  const cleanUps: (() => unknown)[] = [];
  const atEnd = (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp);
  const folder = temporaryFolder(atEnd);
  let client: LocalClient;

  const cards = new Set<string>();

  /** Puts a file where people put it; what the card of its run says at each of these moments. */
  async function drop(name: string, content: string, ...moments: readonly RegExp[]) {
    const path = join(folder, 'inbox/mails', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const said: string[] = [];
    let ts: string | null = null;
    for (const moment of moments) {
      const card = await cardThat(ts, moment);
      ts = card.ts;
      said.push(plainText(card));
    }
    if (ts === null) throw new Error('Nothing was expected.');
    cards.add(ts);
    return { card: said.join('\n'), thread: await threadOf(ts) };
  }

  const cardThat = (ts: string | null, matches: RegExp): Promise<WorkspaceMessage> =>
    client.waitFor(
      async () => {
        const all = await client.messages(channel);
        const card = all.find((each) => (ts === null ? !cards.has(each.ts) : each.ts === ts));
        return card !== undefined && matches.test(plainText(card)) ? card : null;
      },
      { what: `a card that matches ${matches}`, timeoutMs: 120_000 },
    );

  const threadOf = async (ts: string): Promise<string> =>
    (await client.thread(channel, ts)).map(plainText).join('\n');

  const live = async (): Promise<readonly number[]> =>
    (await client.jobs()).endpoints.map(({ version }) => version);

  beforeAll(async () => {
    const app = await startApp(folder, { config: 'test/end-to-end/mails.config.ts', atEnd });
    client = createLocalClient({ url: app.url });
    atEnd(() => client.close());
    await drop('first.csv', csv(first), /v1 is live/);
  });

  afterAll(() => {
    for (const cleanUp of cleanUps) cleanUp();
  });

  it('with renamed labels is not trained on, and the card says which became which', async () => {
    const { card } = await drop('shouted.csv', csv(shouted(first)), ended);

    expect(card).toContain('Labels “ham”, “spam” became “HAM”, “SPAM”');
    expect(card).toContain('150 rows moved from “ham” to “HAM”');
    expect(await live()).toEqual([1]);
  });

  it('that is only the new part is stopped, and the card says how to append it', async () => {
    const { card } = await drop('delta.csv', csv(mails(300, 400)), ended);

    expect(card).toContain('shrank from 300 to 100 rows (−67 %)');
    expect(card).toMatch(/\/mlops retrain mails dataset=[0-9a-f]{12} append=yes/);
    expect(await live()).toEqual([1]);
  });

  it('and is appended goes live with the rows of both files', async () => {
    const rows = 'appended to 1 earlier file: 300 + 100 rows';
    const { card, thread } = await drop(
      'append/delta.csv',
      csv(mails(300, 400)),
      new RegExp(rows.replaceAll('+', '\\+')),
      /v2 is live/,
    );

    expect(card).toContain(`delta.csv (13.9 kB) ${rows}`);
    expect(thread).toContain('2 files, appended to the data of v1');
    expect(await live()).toEqual([2]);
  });

  it('and was masked is judged on the rows that production was not trained on', async () => {
    const { card, thread } = await drop('masked.csv', csv(masked(mails(0, 400))), /Gate: /);

    const seen = /v2 was trained on (\d+) of the (\d+) held-out rows, or on nearly the same/;
    const [, trained, all] = seen.exec(thread) ?? [];
    expect(Number(trained)).toBeGreaterThan(20);
    expect(card).toContain(
      `on the ${Number(all) - Number(trained)} of ${all} rows it was not trained on`,
    );
    expect(card).not.toContain('Gate: fail');
  });

  it('is not judged against a production model that cannot answer', async () => {
    for (const archive of archivesIn(join(folder, 'artifacts/runs'))) {
      writeFileSync(archive, 'no archive');
    }

    const before = await live();

    const { card } = await drop('more.csv', csv(mails(0, 420)), /Production stays at v/);

    expect(card).toMatch(/not comparable/i);
    expect(await live()).toEqual(before);
  });
});

function archivesIn(runs: string): readonly string[] {
  return readdirSync(runs, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('model.tar.gz'))
    .map((path) => join(runs, path));
}
