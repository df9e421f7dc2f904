/** Tables of the durable engine; append only, see `migrate`. Times are epoch milliseconds. */
export const DURABLE_SCHEMA: readonly string[] = [
  `CREATE TABLE durable_executions (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     input TEXT NOT NULL,
     status TEXT NOT NULL,
     result TEXT,
     error TEXT,
     started_at INTEGER NOT NULL,
     ended_at INTEGER,
     -- When the parked execution is invoked next; null while it runs or waits for a callback only.
     wake_at INTEGER,
     -- The one checkpoint token that is valid now; null when no invocation may write.
     token TEXT,
     -- The checkpoint that made this token, when it carried a ClientToken.
     last_request TEXT,
     invocation INTEGER NOT NULL DEFAULT 0,
     -- Invocations in a row that broke without one checkpoint.
     crashes INTEGER NOT NULL DEFAULT 0,
     failure_told INTEGER NOT NULL DEFAULT 0
   );
   CREATE INDEX durable_executions_wake ON durable_executions (wake_at) WHERE status = 'RUNNING';
   CREATE INDEX durable_executions_status ON durable_executions (status, ended_at);
   CREATE TABLE durable_operations (
     position INTEGER PRIMARY KEY,
     execution_id TEXT NOT NULL REFERENCES durable_executions (id) ON DELETE CASCADE,
     id TEXT NOT NULL,
     wire TEXT NOT NULL,
     due_at INTEGER,
     callback_id TEXT,
     -- 1 until an invocation has seen the latest state of the operation.
     untold INTEGER NOT NULL,
     UNIQUE (execution_id, id)
   );
   CREATE INDEX durable_operations_due ON durable_operations (execution_id, due_at)
     WHERE due_at IS NOT NULL;
   CREATE INDEX durable_operations_untold ON durable_operations (execution_id) WHERE untold = 1;
   CREATE UNIQUE INDEX durable_operations_callback ON durable_operations (callback_id)
     WHERE callback_id IS NOT NULL;`,
  `ALTER TABLE durable_executions RENAME COLUMN wake_at TO resume_at;
   ALTER TABLE durable_executions RENAME COLUMN failure_told TO failure_reported;
   ALTER TABLE durable_operations RENAME COLUMN untold TO unseen;`,
];
