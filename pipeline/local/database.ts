import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';

/** A prepared statement; values are bound by position. */
export interface Statement {
  run(...values: readonly unknown[]): { readonly changes: number };
  /** The first row; undefined when there is none. */
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): unknown[];
}

/** A synchronous SQLite connection. */
export interface Database {
  /** The same statement for the same text, so texts must be few: values belong in parameters. */
  prepare(sql: string): Statement;
  exec(sql: string): void;
  pragma(source: string): unknown;
  readonly inTransaction: boolean;
  close(): void;
}

/** Longest wait for another connection's write lock before SQLITE_BUSY, in milliseconds. */
const BUSY_TIMEOUT_MILLISECONDS = 5_000;

/** SQLite's own 2 MB are less than the records that one look at a fleet reads. */
const CACHE_KIB = 16_384;

/**
 * Opens (and creates, with its folder) a database that only its owner can read; `:memory:` is one in memory.
 *
 * Journal in WAL with `synchronous = NORMAL`: a commit is in the kernel's cache before the call
 * returns, so `kill -9` loses nothing. A power cut may lose the last commits, never their order
 * and never half of one; what the engine then repeats is what at-least-once allows anyway, and
 * FULL would pay one fsync per checkpoint (0.4 ms on an SSD, 10 ms on a disk) for it.
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') makePrivate(path);
  const connection = new Libsql(path);
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MILLISECONDS}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  connection.pragma('foreign_keys = ON');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  const prepared = new Map<string, Statement>();
  return {
    prepare(sql) {
      const statement = prepared.get(sql) ?? toStatement(connection.prepare(sql));
      prepared.set(sql, statement);
      return statement;
    },
    exec: (sql) => void connection.exec(sql),
    pragma: (source) => connection.pragma(source),
    get inTransaction() {
      return connection.inTransaction;
    },
    close: () => void connection.close(),
  };
}

/** Creates the file, readable by its owner only; SQLite gives its journal files the same mode. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  // A database of an earlier version was readable by everyone.
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (existsSync(file)) chmodSync(file, 0o600);
  }
}

/**
 * Avoids three faults of libsql 0.5.29. Its `get` returns undefined, although the row
 * exists, after `all` and a write; its rows carry an extra `_metadata` key; and it takes a single
 * null or Buffer for named parameters. Reading with `all` only, and binding an array, has none.
 */
function toStatement(statement: Libsql.Statement): Statement {
  return {
    run: (...values) => statement.run(values),
    get: (...values) => statement.all(values)[0],
    all: (...values) => statement.all(values),
  };
}

/**
 * Runs `work` in one transaction that takes the write lock at once; inside another one it joins
 * that. If `work` throws, all of it is undone and the error reaches the caller. `work` is synchronous.
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
  if (versionOf(database, name) >= steps.length) return;
  transact(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS schema_versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL)',
    );
    // Another process may have done it meanwhile.
    const version = versionOf(database, name);
    for (const step of steps.slice(version)) database.exec(step);
    database
      .prepare(
        'INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = max(version, excluded.version)',
      )
      .run(name, steps.length);
  });
}

/** How many steps of these tables were run. */
function versionOf(database: Database, name: string): number {
  const table = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'")
    .get();
  if (table === undefined) return 0;
  const row = database.prepare('SELECT version FROM schema_versions WHERE name = ?').get(name);
  return (row as { version: number } | undefined)?.version ?? 0;
}
