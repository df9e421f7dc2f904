import type { AuditEntry } from '../../pipeline/core/audit.ts';
import type { AuditLog } from '../../pipeline/core/ports.ts';

export interface InMemoryAuditLog extends AuditLog {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
}

export function createInMemoryAuditLog(): InMemoryAuditLog {
  const entries: AuditEntry[] = [];
  return {
    entries,
    async append(entry) {
      if (entries.some(({ id }) => id === entry.id)) return;
      entries.push(structuredClone(entry));
    },
    async list({ model, limit = 50 }) {
      return [...entries]
        .reverse()
        .filter((entry) => model === undefined || entry.model === model)
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
        .slice(0, limit);
    },
  };
}
