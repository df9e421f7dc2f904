import type { CallbackStore } from '../core/ports.ts';
import { type Database, migrate } from './database.ts';

const schema: readonly string[] = [
  'CREATE TABLE wakeups (run_id TEXT PRIMARY KEY, callback_id TEXT NOT NULL)',
  'ALTER TABLE wakeups RENAME TO callbacks',
];

/** {@link CallbackStore} in SQLite. */
export function createSqliteCallbackStore({ database }: { database: Database }): CallbackStore {
  migrate(database, 'wakeups', schema);
  const upsert = database.prepare(
    `INSERT INTO callbacks (run_id, callback_id) VALUES (?, ?)
     ON CONFLICT (run_id) DO UPDATE SET callback_id = excluded.callback_id`,
  );
  const byRun = database.prepare('SELECT callback_id FROM callbacks WHERE run_id = ?');

  return {
    async park(runId, callbackId) {
      upsert.run(runId, callbackId);
    },
    async parked(runId) {
      const row = byRun.get(runId) as { callback_id: string } | undefined;
      return row?.callback_id ?? null;
    },
  };
}
