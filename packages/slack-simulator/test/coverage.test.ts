import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SENT_EVENTS } from '../src/app-events.ts';
import { assembleWorkspace } from '../src/assemble-workspace.ts';
import { createClock } from '../src/clock.ts';
import { createJournaledStore } from '../src/journaled-store.ts';
import { blockRules } from '../src/limits.ts';
import { createLiveEvents } from '../src/live-events.ts';
import { createWorkspaceReader } from '../src/workspace-reader.ts';
import { BOT_TOKEN, CHANNEL, IDENTITY, MANIFEST, SIGNING_SECRET } from './workspace-harness.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
const store = createJournaledStore({
  file: join(folder, 'journal.ndjson'),
  transient: new Set(),
  shape: (_collection, row) => row,
  onChange: () => {},
});
const live = createLiveEvents();
const workspace = assembleWorkspace({
  port: 0,
  stateFolder: folder,
  signingSecret: SIGNING_SECRET,
  botToken: BOT_TOKEN,
  requestUrl: 'http://127.0.0.1:9/',
  manifest: MANIFEST,
  identity: IDENTITY,
  plugins: [],
  people: [],
  channels: [{ id: CHANNEL, name: 'ml-ops' }],
  url: 'http://127.0.0.1:9',
  store,
  reader: createWorkspaceReader(store),
  live,
  clock: createClock('0.0'),
  log: () => {},
});

afterAll(() => {
  workspace.close();
  live.close();
  store.close();
  rmSync(folder, { recursive: true });
});

/** First and second cell of the rows of the table whose first column is `heading`. */
function rows(heading: string): readonly (readonly [name: string, state: string])[] {
  const table = readme.split(/\n\n/).find((part) => part.startsWith(`| ${heading} |`)) ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => [cells[1] ?? '', cells[2] ?? ''] as const);
}

const covered = (heading: string) =>
  rows(heading)
    .filter(([, state]) => state !== 'not')
    .map(([name]) => name)
    .sort();

describe('the README', () => {
  it('lists the Web API methods the server has', () => {
    expect(covered('Web API method')).toEqual([...workspace.methods].sort());
  });

  it.each(rows('Web API method').filter(([, state]) => state === 'not'))(
    'says rightly that %s is missing',
    async (method) => {
      const answer = await workspace.routes.request(`/slack/api/${method}`, { method: 'POST' });

      expect(await answer.json()).toMatchObject({ ok: false, error: 'unknown_method' });
    },
  );

  it('lists the routes the server has', () => {
    const handled = workspace.routes.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.endsWith('*'))
      .map(({ method, path }) => `${method} ${path}`);

    expect(
      rows('Route')
        .map(([route]) => route)
        .sort(),
    ).toEqual([...new Set(handled)].sort());
  });

  it('lists the events that are sent', () => {
    expect(covered('Event')).toEqual([...SENT_EVENTS].sort());
  });

  it('lists the blocks that are taken', () => {
    expect(covered('Block')).toEqual(Object.keys(blockRules).sort());
  });

  it.each(['Web API method', 'Event', 'Interaction', 'Block', 'Behaviour'])(
    'gives every row of "%s" a state',
    (heading) => {
      const states = rows(heading).map(([, state]) => state);

      expect(states.length).toBeGreaterThan(4);
      expect(states.filter((state) => !['supported', 'partial', 'not'].includes(state))).toEqual(
        [],
      );
    },
  );
});
