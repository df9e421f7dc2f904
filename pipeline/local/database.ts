import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';

/** A synchronous SQLite connection (libsql, the interface of better-sqlite3). */
export type Database = Libsql.Database;

/** Longest wait for another connection's write lock before SQLITE_BUSY, in milliseconds. */
const BUSY_TIMEOUT_MILLISECONDS = 5_000;

/**
 * Opens (and creates, with its folder) the database of the local world; `:memory:` is fine too.
 *
 * Journal in WAL with `synchronous = NORMAL`: a commit is in the kernel's cache before the call
 * returns, so `kill -9` loses nothing. A power cut may lose the last commits, never their order
 * and never half of one; what the engine then repeats is what at-least-once allows anyway, and
 * FULL would pay one fsync per checkpoint (0.4 ms on an SSD, 10 ms on a disk) for it.
 *
 * Traps of libsql: rows of `get()` carry an extra `_metadata` key; a single bound null or Buffer
 * is taken for named parameters (bind `[value]` instead); statements prepared before `close()`
 * keep working after it.
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new Libsql(path);
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MILLISECONDS}`);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
  return database;
}

/**
 * Runs `work` in one transaction that takes the write lock at once; inside another one it joins
 * that. Whatever `work` throws undoes all of it and reaches the caller. `work` is synchronous.
 */
export function transact<T>(database: Database, work: () => T): T {
  if (database.inTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Brings the tables called `name` up to date. `steps` only ever grows at its end: each is run
 * once per database, in order, whether the database is new or from an older version.
 */
export function migrate(database: Database, name: string, steps: readonly string[]): void {
  transact(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS schema_versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL)',
    );
    const row = database.prepare('SELECT version FROM schema_versions WHERE name = ?').get(name) as
      | { version: number }
      | undefined;
    for (const step of steps.slice(row?.version ?? 0)) database.exec(step);
    database
      .prepare(
        'INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = max(version, excluded.version)',
      )
      .run(name, steps.length);
  });
}
