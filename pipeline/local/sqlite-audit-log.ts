import type { AuditEntry } from '../core/audit.ts';
import type { AuditLog } from '../core/ports.ts';
import { type Database, migrate } from './database.ts';

const DEFAULT_LIMIT = 50;

/** The triggers enforce the contract for every program that opens the file. */
const schema: readonly string[] = [
  `CREATE TABLE audit (
     position INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     at TEXT NOT NULL,
     model TEXT,
     document TEXT NOT NULL
   );
   CREATE INDEX audit_at ON audit (at);
   CREATE INDEX audit_of_model ON audit (model, at);
   CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
     BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
     BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;`,
];

/** {@link AuditLog} in SQLite. */
export function createSqliteAuditLog({ database }: { database: Database }): AuditLog {
  migrate(database, 'audit', schema);
  const insert = database.prepare(
    'INSERT INTO audit (id, at, model, document) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const newest = database.prepare(
    'SELECT document FROM audit ORDER BY at DESC, position DESC LIMIT ?',
  );
  const newestOfModel = database.prepare(
    'SELECT document FROM audit WHERE model = ? ORDER BY at DESC, position DESC LIMIT ?',
  );

  return {
    async append(entry) {
      insert.run(entry.id, entry.at, entry.model, JSON.stringify(entry));
    },
    async list({ model, limit = DEFAULT_LIMIT }) {
      const rows = model === undefined ? newest.all(limit) : newestOfModel.all(model, limit);
      return rows.flatMap((row) => toEntry((row as { document: string }).document));
    },
  };
}

/** None for a row that is damaged: it must not hide the others. */
function toEntry(document: string): readonly AuditEntry[] {
  try {
    return [JSON.parse(document)];
  } catch {
    return [];
  }
}
