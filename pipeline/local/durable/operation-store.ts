import type { Database } from '../database.ts';
import type { StoredOperation } from './operations.ts';

interface OperationRow {
  execution_id: string;
  wire: string;
  due_at: number | null;
  unseen: number;
}

/** An operation as one of the rows of its execution. */
export interface HistoryRow extends StoredOperation {
  /** Whether no invocation has seen its latest state. */
  readonly isUnseen: boolean;
}

export type OperationStore = ReturnType<typeof createOperationStore>;

/** The rows of operations; needs the tables of `createExecutionStore`. Callers own transactions. */
export function createOperationStore(database: Database) {
  const columns = 'execution_id, wire, due_at, unseen';
  const sql = {
    get: database.prepare(
      `SELECT ${columns} FROM durable_operations WHERE execution_id = ? AND id = ?`,
    ),
    byCallback: database.prepare(`SELECT ${columns} FROM durable_operations WHERE callback_id = ?`),
    all: database.prepare(
      `SELECT ${columns} FROM durable_operations WHERE execution_id = ? ORDER BY position`,
    ),
    put: database.prepare(
      `INSERT INTO durable_operations (execution_id, id, wire, due_at, callback_id, unseen)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (execution_id, id) DO UPDATE
         SET wire = excluded.wire, due_at = excluded.due_at, unseen = excluded.unseen`,
    ),
    unseen: database.prepare(
      `SELECT ${columns} FROM durable_operations
       WHERE execution_id = ? AND unseen = 1 ORDER BY position`,
    ),
    markSeen: database.prepare(
      'UPDATE durable_operations SET unseen = 0 WHERE execution_id = ? AND unseen = 1',
    ),
  };

  return {
    get(executionId: string, id: string): StoredOperation | undefined {
      const row = sql.get.get(executionId, id);
      return row === undefined ? undefined : toStored(row);
    },
    byCallback(callbackId: string) {
      const row = sql.byCallback.get(callbackId);
      if (row === undefined) return undefined;
      return { executionId: (row as OperationRow).execution_id, operation: toStored(row) };
    },
    /** In order of creation, so parents before children. */
    all: (executionId: string): HistoryRow[] => sql.all.all(executionId).map(toStored),
    /** Those of `all` that changed since the last invocation looked. */
    unseen: (executionId: string): HistoryRow[] => sql.unseen.all(executionId).map(toStored),
    markSeen(executionId: string): void {
      sql.markSeen.run(executionId);
    },
    /** Returns the operation as a later reader gets it. */
    put(
      executionId: string,
      { wire, dueAt }: StoredOperation,
      { isSeen = false } = {},
    ): StoredOperation {
      const callbackId = wire.CallbackDetails?.CallbackId ?? null;
      const text = JSON.stringify(wire);
      sql.put.run(executionId, wire.Id, text, dueAt, callbackId, isSeen ? 0 : 1);
      return { wire: JSON.parse(text), dueAt };
    },
  };
}

function toStored(value: unknown): HistoryRow {
  const row = value as OperationRow;
  return { wire: JSON.parse(row.wire), dueAt: row.due_at, isUnseen: row.unseen === 1 };
}
