import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createLineLog, readLineLog } from '../../pipeline/local/line-log.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { anEntry, aRun } from '../fakes/samples.ts';
import { type Fault, withFailingWrites } from './failing-writes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const at = '2026-11-25T09:00:00.000Z';
const id = 'spam-aaaaaaaa';
const run = aRun({ id, revision: 1 });
const key = `runs/${id}/a.txt`;
const text = 'artifact '.repeat(50);

function openStores(folder: string, database: Database) {
  return {
    runs: createSqliteRunStore({ database }),
    audit: createSqliteAuditLog({ database }),
    registry: createSqliteModelRegistry({ database }),
    artifacts: createFolderArtifactStore({ root: join(folder, 'artifacts') }),
    log: createLineLog(join(folder, 'log.txt')),
  };
}

type Stores = ReturnType<typeof openStores>;

interface Step {
  readonly name: string;
  readonly write: (stores: Stores) => unknown;
  /** Whether it can be read; it must be once `write` was acknowledged. */
  readonly isKept: (stores: Stores) => Promise<boolean>;
}

/** The writes of a short run. */
const allSteps: readonly Step[] = [
  {
    name: 'run',
    write: ({ runs }) => runs.create(run),
    isKept: async ({ runs }) => (await runs.get(id)) !== null,
  },
  {
    name: 'artifact',
    write: ({ artifacts }) => artifacts.put(key, text),
    isKept: async ({ artifacts }) => {
      const bytes = await artifacts.get(key);
      // Never a part of one.
      if (bytes !== null) expect(Buffer.from(bytes).toString()).toBe(text);
      return bytes !== null;
    },
  },
  {
    name: 'version',
    write: ({ registry }) => registry.register(anEntry({ runId: id })),
    isKept: async ({ registry }) => (await registry.list('spam')).some(({ runId }) => runId === id),
  },
  {
    name: 'change',
    write: async ({ runs }) => {
      const isFirst = await runs.replace({ ...run, revision: 2, outcome: 'stopped' });
      if (!isFirst) throw new Error('There is no revision 1.');
    },
    isKept: async ({ runs }) => (await runs.get(id))?.outcome === 'stopped',
  },
  {
    name: 'audit',
    write: ({ audit }) =>
      audit.append({
        id,
        at,
        by: { kind: 'system', name: 'inbox' },
        from: 'inbox',
        action: 'retrain',
        model: 'spam',
        what: id,
        outcome: { kind: 'ok' },
      }),
    isKept: async ({ audit }) => (await audit.list({})).some((entry) => entry.id === id),
  },
];

/** Does every step once, and the failed ones again at the end; returns what was acknowledged. */
async function work(stores: Stores): Promise<ReadonlySet<string>> {
  const done = new Set<string>();
  for (const steps of [allSteps, allSteps]) {
    for (const { name, write } of steps) {
      if (done.has(name)) continue;
      try {
        await write(stores);
        done.add(name);
      } catch {
        // Not acknowledged: the caller sees the error, or tries again.
      }
    }
  }
  return done;
}

async function keptIn(stores: Stores): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for (const { name, isKept } of allSteps) if (await isKept(stores)) kept.add(name);
  return kept;
}

/** What a new process finds in the folder; it must open without an error. */
async function reopen(folder: string): Promise<ReadonlySet<string>> {
  const database = openDatabase(join(folder, 'state.sqlite'));
  const stores = openStores(folder, database);
  await stores.artifacts.recover();
  const kept = await keptIn(stores);
  const lines = await readLineLog(join(folder, 'log.txt'), 100);
  expect(lines.filter((line) => line !== 'line 1')).toEqual([]);
  expect(existsSync(join(folder, 'artifacts', '.incoming'))).toBe(false);
  expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  database.close();
  return kept;
}

/** Runs the writes once for each of them, with the fault there, until none is hit any more. */
async function atEachWrite(
  fault: Fault,
  check: (
    folder: string,
    acknowledged: ReadonlySet<string>,
    live: ReadonlySet<string> | null,
  ) => Promise<void>,
): Promise<number> {
  const empty = temporaryFolder();
  openStoresOnce(empty);
  for (let first = 1; ; first += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'mlops-durability-'));
    cpSync(empty, folder, { recursive: true });
    const { result, writes } = await withFailingWrites(folder, { first, fault }, async (open) => {
      let stores: Stores | null = null;
      for (let attempt = 0; stores === null && attempt < 10; attempt += 1) {
        try {
          stores = openStores(folder, open(join(folder, 'state.sqlite')));
        } catch {
          // An app that cannot start says so and is started again.
        }
      }
      if (stores === null) return { acknowledged: new Set<string>(), live: null };
      stores.log('line 1');
      const acknowledged = await work(stores);
      const live = fault.kind === 'full' ? await keptIn(stores) : null;
      return { acknowledged, live };
    });
    await check(folder, result.acknowledged, result.live);
    rmSync(folder, { recursive: true, force: true });
    if (writes < first) return first - 1;
  }
}

/** Creates the tables, so that the faults hit the work and not the first start. */
function openStoresOnce(folder: string): void {
  const database = openDatabase(join(folder, 'state.sqlite'));
  openStores(folder, database);
  database.close();
}

describe('the local stores', () => {
  it.each(['before', 'halfway', 'after'] as const)(
    'keep what was acknowledged, and nothing torn, when the process dies %s any write',
    async (moment) => {
      const tried = await atEachWrite({ kind: 'dies', moment }, async (folder, acknowledged) => {
        const kept = await reopen(folder);

        expect([...acknowledged].filter((name) => !kept.has(name))).toEqual([]);
      });

      expect(tried).toBeGreaterThan(allSteps.length * 2);
    },
    60_000,
  );

  it.each([
    [1, true],
    [3, false],
    [7, true],
  ])(
    'go on after %i writes were refused, partly written: %s, wherever they are',
    async (writes, isPartial) => {
      const fault = { kind: 'full', writes, isPartial } as const;
      const tried = await atEachWrite(fault, async (folder, acknowledged, live) => {
        const kept = await reopen(folder);

        expect([...acknowledged].filter((name) => !kept.has(name))).toEqual([]);
        expect([...(live ?? [])].sort()).toEqual([...kept].sort());
        if (writes === 1) expect(kept.size).toBe(allSteps.length);
      });

      expect(tried).toBeGreaterThan(allSteps.length * 2);
    },
    60_000,
  );
});
