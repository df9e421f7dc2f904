// The file system and SQLite of a process that dies, or whose disk is full, at one of its writes.
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type Database, openDatabase, type Statement } from '../../pipeline/local/database.ts';

/** `dies`: from that write on nothing happens any more, as after `kill -9`. `full`: ENOSPC. */
export type Fault =
  | { readonly kind: 'dies'; readonly moment: 'before' | 'halfway' | 'after' }
  | { readonly kind: 'full'; readonly writes: number; readonly isPartial: boolean };

const SYNC = [
  'appendFileSync',
  'writeFileSync',
  'writeSync',
  'renameSync',
  'ftruncateSync',
] as const;
const MORE_SYNC = ['truncateSync', 'mkdirSync', 'rmSync', 'fsyncSync'] as const;
const ASYNC = ['rename', 'mkdir', 'writeFile', 'rm'] as const;
const HANDLE = ['writeFile', 'sync', 'write'] as const;

type Work = (...values: unknown[]) => unknown;

/** The part of a write that reaches the disk before the fault. */
function halfOf(name: string, values: readonly unknown[]): unknown[] | null {
  const at = name === 'writeFile' && values.length === 1 ? 0 : 1;
  const content = values[at];
  const isWrite = /write|append/i.test(name);
  if (!isWrite || !(typeof content === 'string' || content instanceof Uint8Array)) return null;
  return values.map((value, index) =>
    index === at ? content.slice(0, content.length >> 1) : value,
  );
}

/** Counts the writes of `folder` and lets number `first` and, on a full disk, the next ones fail. */
export async function withFailingWrites<T>(
  folder: string,
  { first, fault }: { readonly first: number; readonly fault: Fault },
  work: (openFailing: (path: string) => Database) => Promise<T>,
): Promise<{ readonly result: T; readonly writes: number }> {
  let writes = 0;
  let isDead = false;
  const noSpace = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const dead = () => new Error('This process is dead.');

  /** What becomes of the next write: null for nothing but itself. */
  function nextFault(): { readonly part: 'none' | 'half' | 'all'; readonly error: Error } | null {
    if (isDead) return { part: 'none', error: dead() };
    writes += 1;
    if (fault.kind === 'full') {
      if (writes < first || writes >= first + fault.writes) return null;
      return { part: fault.isPartial ? 'half' : 'none', error: noSpace() };
    }
    if (writes !== first) return null;
    isDead = true;
    const parts = { before: 'none', halfway: 'half', after: 'all' } as const;
    return { part: parts[fault.moment], error: dead() };
  }

  /** Runs one write, or what the fault leaves of it. */
  function attempt(doIt: () => unknown, half: (() => unknown) | null): unknown {
    const found = nextFault();
    if (found === null) return doIt();
    if (found.part === 'half') half?.();
    if (found.part === 'all') doIt();
    throw found.error;
  }

  async function attemptLater(doIt: Work, half: Work | null): Promise<unknown> {
    const found = nextFault();
    if (found === null) return doIt();
    if (found.part === 'half') await half?.();
    if (found.part === 'all') await doIt();
    throw found.error;
  }

  const undo: (() => void)[] = [];
  function replace(owner: object, name: string, isAsync: boolean): void {
    const original = Reflect.get(owner, name) as Work;
    const isOurs = (values: readonly unknown[]) =>
      typeof values[0] !== 'string' || values[0].startsWith(folder);
    function replaced(this: unknown, ...values: unknown[]): unknown {
      if (!isOurs(values)) return original.apply(this, values);
      const half = halfOf(name, values);
      const doHalf = half === null ? null : () => original.apply(this, half);
      const doIt = () => original.apply(this, values);
      return isAsync ? attemptLater(doIt, doHalf) : attempt(doIt, doHalf);
    }
    Reflect.set(owner, name, replaced);
    undo.push(() => void Reflect.set(owner, name, original));
  }

  const probe = await open(join(folder, 'probe'), 'w');
  const handle = Object.getPrototypeOf(probe) as object;
  await probe.close();
  for (const name of [...SYNC, ...MORE_SYNC]) replace(fs, name, false);
  for (const name of ASYNC) replace(fs.promises, name, true);
  for (const name of HANDLE) replace(handle, name, true);
  syncBuiltinESMExports();

  const databases: Database[] = [];
  function openFailing(path: string): Database {
    const real = openDatabase(path);
    databases.push(real);
    return {
      ...real,
      get inTransaction() {
        return real.inTransaction;
      },
      // Rolling back needs no space.
      exec: (sql) => {
        if (sql !== 'ROLLBACK' || isDead) attempt(() => real.exec(sql), null);
        else real.exec(sql);
      },
      prepare(sql) {
        const statement = real.prepare(sql);
        const read = (method: 'get' | 'all') => {
          return (...values: readonly unknown[]) => {
            if (isDead) throw dead();
            return statement[method](...values);
          };
        };
        return {
          get: read('get'),
          all: read('all') as Statement['all'],
          run: (...values) =>
            attempt(() => statement.run(...values), null) as { readonly changes: number },
        };
      },
    };
  }

  try {
    return { result: await work(openFailing), writes };
  } finally {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
    for (const database of databases) {
      if (database.inTransaction) database.exec('ROLLBACK');
      database.close();
    }
  }
}
