import type { WireOperation } from '@aws/durable-execution-sdk-js';
import type { Database } from '../database.ts';
import { applyDueTime, type StoredOperation } from './operations.ts';

interface OperationRow {
  execution_id: string;
  wire: string;
  due_at: number | null;
}

export type OperationStore = ReturnType<typeof createOperationStore>;

/** The rows of operations; needs the tables of `createExecutionStore`. Callers own transactions. */
export function createOperationStore(database: Database) {
  const sql = {
    get: database.prepare(
      'SELECT execution_id, wire, due_at FROM durable_operations WHERE execution_id = ? AND id = ?',
    ),
    byCallback: database.prepare(
      'SELECT execution_id, wire, due_at FROM durable_operations WHERE callback_id = ?',
    ),
    all: database.prepare(
      'SELECT execution_id, wire, due_at FROM durable_operations WHERE execution_id = ? ORDER BY position',
    ),
    count: database.prepare(
      'SELECT count(*) AS count FROM durable_operations WHERE execution_id = ?',
    ),
    put: database.prepare(
      `INSERT INTO durable_operations (execution_id, id, wire, due_at, callback_id, unseen)
       VALUES (?, ?, ?, ?, ?, 1)
       ON CONFLICT (execution_id, id) DO UPDATE
         SET wire = excluded.wire, due_at = excluded.due_at, unseen = 1`,
    ),
    due: database.prepare(
      `SELECT execution_id, wire, due_at FROM durable_operations
       WHERE execution_id = ? AND due_at <= ? ORDER BY due_at, position`,
    ),
    nextDue: database.prepare(
      `SELECT min(due_at) AS at FROM durable_operations
       WHERE execution_id = ? AND due_at IS NOT NULL`,
    ),
    unseen: database.prepare(
      `SELECT execution_id, wire, due_at FROM durable_operations
       WHERE execution_id = ? AND unseen = 1 ORDER BY position`,
    ),
    markSeen: database.prepare(
      'UPDATE durable_operations SET unseen = 0 WHERE execution_id = ? AND unseen = 1',
    ),
  };

  const store = {
    get: (executionId: string, id: string) => toStored(sql.get.get(executionId, id)),
    byCallback(callbackId: string) {
      const row = sql.byCallback.get(callbackId);
      const operation = toStored(row);
      if (operation === undefined) return undefined;
      return { executionId: (row as OperationRow).execution_id, operation };
    },
    /** In order of creation, so parents before children. */
    all: (executionId: string): WireOperation[] => toWire(sql.all.all(executionId)),
    count: (executionId: string) => (sql.count.get(executionId) as { count: number }).count,
    put(executionId: string, { wire, dueAt }: StoredOperation) {
      const callbackId = wire.CallbackDetails?.CallbackId ?? null;
      sql.put.run(executionId, wire.Id, JSON.stringify(wire), dueAt, callbackId);
    },
    /** Ends every wait, retry delay and callback whose time has come. */
    applyDueTimes(executionId: string, now: number) {
      for (const row of sql.due.all(executionId, now)) {
        const operation = toStored(row);
        if (operation !== undefined) store.put(executionId, applyDueTime(operation, now));
      }
    },
    /** Epoch milliseconds of the earliest due time, or null. */
    nextDue: (executionId: string) => (sql.nextDue.get(executionId) as { at: number | null }).at,
    hasUnseen: (executionId: string) => sql.unseen.get(executionId) !== undefined,
    /** What changed since the last invocation looked; counts as seen from here on. */
    takeUnseen(executionId: string): WireOperation[] {
      const rows = sql.unseen.all(executionId);
      if (rows.length > 0) sql.markSeen.run(executionId);
      return toWire(rows);
    },
  };
  return store;
}

function toStored(value: unknown): StoredOperation | undefined {
  if (value === undefined) return undefined;
  const row = value as OperationRow;
  return { wire: JSON.parse(row.wire), dueAt: row.due_at };
}

function toWire(rows: unknown[]): WireOperation[] {
  return rows.map((row) => JSON.parse((row as OperationRow).wire));
}
