import type { Incident, IncidentId, IncidentKind } from './alert/alert.ts';
import type { AuditEntry } from './audit.ts';

/** Incidents that were opened, newest first; fields left out do not filter. */
export interface IncidentQuery {
  readonly model?: string;
  /** Whether they still go on. */
  readonly open?: boolean;
  /** At most this many (default 50). */
  readonly limit?: number;
}

/**
 * Incidents (DynamoDB | SQLite). `create` and `replace` are conditional writes: they return false,
 * and change nothing, when another writer was first.
 */
export interface IncidentStore {
  /** Writes an incident whose id is not there yet. */
  create(incident: Incident): Promise<boolean>;
  /** Writes `incident` only over revision `incident.revision - 1`. */
  replace(incident: Incident): Promise<boolean>;
  get(id: IncidentId): Promise<Incident | null>;
  /** The one with the highest number, opened or not; null when nothing was ever observed. */
  latest(model: string, kind: IncidentKind): Promise<Incident | null>;
  list(query: IncidentQuery): Promise<readonly Incident[]>;
}

/** Who did what (DynamoDB | SQLite). Entries are only ever added: nothing changes or removes one. */
export interface AuditLog {
  /** Once per id: the same id again changes nothing. */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first; at most `limit` (default 50). */
  list(query: { readonly model?: string; readonly limit?: number }): Promise<readonly AuditEntry[]>;
}
