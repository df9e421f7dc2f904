import type { Alert, AlertId, AlertKind } from './alert.ts';

/** Alerts that were opened, newest first; fields left out do not filter. */
export interface AlertQuery {
  readonly model?: string;
  /** Whether they still go on. */
  readonly open?: boolean;
  /** At most this many (default 50). */
  readonly limit?: number;
}

/**
 * Alerts (DynamoDB | SQLite). `create` and `replace` are conditional writes: they return false,
 * and change nothing, when another writer was first.
 */
export interface AlertStore {
  /** Writes an alert whose id is not there yet. */
  create(alert: Alert): Promise<boolean>;
  /** Writes `alert` only over revision `alert.revision - 1`. */
  replace(alert: Alert): Promise<boolean>;
  get(id: AlertId): Promise<Alert | null>;
  /** The one with the highest number, opened or not; null when nothing was ever observed. */
  latest(model: string, kind: AlertKind): Promise<Alert | null>;
  list(query: AlertQuery): Promise<readonly Alert[]>;
}
