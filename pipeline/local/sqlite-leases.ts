import type { Leases } from '../core/ports.ts';
import { type Database, migrate } from './database.ts';
import { migrateRuns } from './sqlite-run-store.ts';

const schema: readonly string[] = [
  'CREATE TABLE leases (model TEXT PRIMARY KEY, run_id TEXT NOT NULL)',
];

/**
 * {@link Leases} in SQLite. A lease has no time limit: it ends with its run. One whose holder has
 * ended, or is not in the run table of the same database, is taken over in the same statement.
 */
export function createSqliteLeases({ database }: { database: Database }): Leases {
  migrateRuns(database);
  migrate(database, 'leases', schema);
  const take = database.prepare(
    `INSERT INTO leases (model, run_id) VALUES (?, ?)
     ON CONFLICT (model) DO UPDATE SET run_id = excluded.run_id
     WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = leases.run_id AND runs.ended = 0)`,
  );
  const holder = database.prepare('SELECT run_id FROM leases WHERE model = ?');
  const letGo = database.prepare('DELETE FROM leases WHERE model = ? AND run_id = ?');

  return {
    async acquire(model, runId) {
      take.run(model, runId);
      return (holder.get(model) as { run_id: string }).run_id;
    },
    async release(model, runId) {
      letGo.run(model, runId);
    },
  };
}
