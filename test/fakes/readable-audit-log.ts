import type { AuditEntry } from '../../pipeline/core/audit.ts';
import type { AuditLog } from '../../pipeline/core/ports.ts';
import type { Database } from '../../pipeline/local/database.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';

export interface ReadableAuditLog extends AuditLog {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
}

/** The SQLite audit log, which a test can read without waiting. */
export function createReadableAuditLog({ database }: { database: Database }): ReadableAuditLog {
  const log = createSqliteAuditLog({ database });
  const all = database.prepare('SELECT document FROM audit ORDER BY position');
  return {
    ...log,
    get entries() {
      return all.all().map((row): AuditEntry => JSON.parse((row as { document: string }).document));
    },
  };
}
