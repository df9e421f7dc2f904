import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createLocalApp } from '../../bot/local/create-local-app.ts';
import config from '../../mlops.config.ts';
import { entriesUnder } from '../../pipeline/local/folders.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { attack } from './attack.ts';
import {
  approve,
  clientOf,
  dropTumour,
  endOf,
  newDataFolder,
  python,
  root,
  startApp,
  waitForCard,
} from './running-app.ts';

const cleanUps: (() => void)[] = [];
const atEnd = (work: () => void) => void cleanUps.unshift(work);
/** A data folder with a version in production; every attack damages a copy. */
let seed: string;

beforeAll(async () => {
  seed = newDataFolder(atEnd);
  await dropTumour(seed);
  const app = startApp(seed, { cleanup: atEnd });
  const client = await clientOf(app, atEnd);
  await approve(client);
  await waitForCard(client, /In production: v1/);
  client.close();
  app.signal('SIGTERM');
  await endOf(app, 30);
}, 120_000);

afterAll(() => {
  for (const work of cleanUps) work();
});

function copyOfSeed(): string {
  const data = newDataFolder();
  rmSync(data, { recursive: true });
  cpSync(seed, data, { recursive: true });
  return data;
}

const damages: Readonly<Record<string, (file: string) => void>> = {
  emptied: (file) => truncateSync(file, 0),
  'cut in half': (file) => truncateSync(file, readFileSync(file).length >> 1),
  garbage: (file) => writeFileSync(file, Buffer.from('\u0000\uFFFDnonsense{"\n'.repeat(300))),
  'a folder': (file) => {
    rmSync(file, { force: true });
    mkdirSync(file, { mode: 0o700 });
  },
};

/** Without these there is no truth to start from: the app must not go on as if nothing were live. */
const refusals =
  /✗ .*(state\.sqlite|engine\.lock|is a folder where a file is needed|cannot be written)/;

/** Starts on a damaged folder. It must serve its page, or say in a sentence why it does not. */
async function startsOrExplains(data: string): Promise<void> {
  const app = startApp(data);
  const started = await app.ready.then(
    () => true,
    () => false,
  );
  if (started) {
    const client = await clientOf(app);
    expect((await client.jobs()).models).toHaveLength(2);
    app.signal('SIGTERM');
    expect(await endOf(app, 30)).toBe(0);
    expect(app.output()).not.toMatch(/unexpected error/);
  } else {
    expect(await endOf(app, 5)).toBe(1);
    expect(app.output()).toMatch(refusals);
    expect(app.output()).not.toMatch(/\n\s+at /);
  }
}

/** One of each kind of file in a data folder, by its path there. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['the database', /^state\.sqlite$/],
  ['the lock', /^engine\.lock$/],
  ['the chat journal', /^workspace\/workspace\.ndjson$/],
  ['the bundled page', /^workspace\/page-cache\//],
  ['a job log', /^work\/jobs\/.*log\.txt$/],
  ['the model archive', /^artifacts\/.*model\.tar\.gz$/],
  ['the dataset', /^artifacts\/datasets\/.*\.csv$/],
  ['the served model', /^work\/endpoints\/models\/.*model/],
  ['a sample', /^samples\/.*\.csv$/],
  ['a file of the inbox', /^inbox\/tumour\//],
];

describe('damaged state', () => {
  for (const [kind, pattern] of kinds) {
    attack(
      'damaged state',
      `${kind}: the app starts or says in a sentence why not`,
      async (survives) => {
        const entries = await entriesUnder(seed);
        const inside = entries.find(({ path }) => pattern.test(path))?.path;
        if (inside === undefined) throw new Error(`${seed} has no file like ${pattern}.`);
        for (const [how, damage] of Object.entries(damages)) {
          await survives(`${inside} ${how}`, async () => {
            const data = copyOfSeed();
            damage(join(data, inside));
            await startsOrExplains(data);
          });
        }
      },
      { seconds: 150 },
    );
  }

  attack(
    'damaged state',
    'rows that are no documents are set aside',
    async (survives) => {
      const columns = [
        ['runs', 'document'],
        ['jobs', 'document'],
        ['announcements', 'document'],
        ['audit', 'document'],
        ['model_versions', 'entry'],
        ['endpoints', 'document'],
        ['endpoint_configs', 'document'],
        ['durable_executions', 'last_request'],
        ['durable_operations', 'wire'],
      ] as const;
      for (const [table, column] of columns) {
        for (const value of ['{"id":"tum', '{}', '[]', '']) {
          await survives(`${table}.${column} = ${JSON.stringify(value)}`, async () => {
            const data = copyOfSeed();
            const database = new Libsql(join(data, 'state.sqlite'));
            database.exec('DROP TRIGGER IF EXISTS audit_is_never_changed');
            database.prepare(`UPDATE ${table} SET ${column} = ?`).run(value);
            database.close();
            const logged: LogEntry[] = [];
            const app = await createLocalApp({
              config,
              root,
              dataFolder: data,
              python,
              environment: { PATH: process.env.PATH },
              port: 0,
              endpointPort: 0,
              bakeSeconds: 1,
              clock: { now: () => new Date() },
              log: (entry) => logged.push(entry),
            });
            try {
              const statuses = await app.pipeline.fleet();
              expect(statuses.map(({ name }) => name)).toContain('spam');
            } finally {
              await app.close();
            }
          });
        }
      }
    },
    { seconds: 180 },
  );

  attack('damaged state', 'a folder without rights is named', async (survives) => {
    // Root may write everywhere, so the rights are those of the file system.
    for (const inside of ['state.sqlite', 'workspace/workspace.ndjson']) {
      await survives(`${inside} without any right`, async () => {
        const data = copyOfSeed();
        chmodSync(join(data, inside), 0);
        await startsOrExplains(data);
      });
    }
  });
});
