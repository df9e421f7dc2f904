import type { ErrorObject } from '@aws/durable-execution-sdk-js';
import { type Database, migrate } from '../database.ts';
import { DURABLE_SCHEMA } from './schema.ts';

/** As the service names them; `TIMED_OUT` is missing because locally nothing limits a run's time. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

/** What decides who may write to an execution. */
export interface ExecutionState {
  readonly id: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly token: string | null;
  readonly lastRequest: LastRequest | null;
  readonly invocation: number;
  readonly crashes: number;
}

export interface Execution extends ExecutionState {
  /** JSON text. */
  readonly input: string;
  /** JSON text of the returned value; null before success and for `undefined`. */
  readonly result: string | null;
  readonly error: ErrorObject | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly resumeAt: number | null;
}

/** What a repeated checkpoint (same ClientToken) is answered from. */
export interface LastRequest {
  readonly clientToken: string;
  readonly checkpointToken: string;
  readonly operationIds: readonly string[];
}

export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly result: string | null }
  | { readonly status: 'FAILED' | 'STOPPED'; readonly error: ErrorObject };

interface StateRow {
  id: string;
  name: string;
  status: ExecutionStatus;
  token: string | null;
  last_request: string | null;
  invocation: number;
  crashes: number;
}

interface ExecutionRow extends StateRow {
  input: string;
  result: string | null;
  error: string | null;
  started_at: number;
  ended_at: number | null;
  resume_at: number | null;
}

const ARN_PREFIX = 'arn:aws:lambda:local:000000000000:function:mlops-bot:1/durable-execution';

/** The ARN the SDK is given; it has the shape of the service's, so the SDK can take it apart. */
export function toArn({ name, id }: Pick<Execution, 'name' | 'id'>): string {
  return `${ARN_PREFIX}/${name}/${id}`;
}

/** The id of the execution an ARN names; the ARN itself when it is not one of ours. */
export function toExecutionId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

export type ExecutionStore = ReturnType<typeof createExecutionStore>;

/** The rows of executions. Every method is one synchronous statement; callers own transactions. */
export function createExecutionStore(database: Database) {
  migrate(database, 'durable', DURABLE_SCHEMA);
  const sql = {
    insert: database.prepare(
      `INSERT INTO durable_executions (id, name, input, status, started_at, resume_at)
       VALUES (?, ?, ?, 'RUNNING', ?, ?)`,
    ),
    state: database.prepare(
      `SELECT id, name, status, token, last_request, invocation, crashes
       FROM durable_executions WHERE id = ?`,
    ),
    byId: database.prepare('SELECT * FROM durable_executions WHERE id = ?'),
    byName: database.prepare('SELECT * FROM durable_executions WHERE name = ?'),
    list: database.prepare(
      'SELECT * FROM durable_executions WHERE (?1 IS NULL OR status = ?1) ORDER BY started_at, rowid',
    ),
    begin: database.prepare(
      `UPDATE durable_executions SET token = ?, last_request = NULL, resume_at = NULL,
         invocation = invocation + 1 WHERE id = ?`,
    ),
    advance: database.prepare(
      `UPDATE durable_executions SET token = ?, last_request = ?,
         crashes = CASE WHEN ? THEN 0 ELSE crashes END WHERE id = ?`,
    ),
    park: database.prepare(
      `UPDATE durable_executions SET token = NULL, resume_at = ?,
         crashes = CASE WHEN ? THEN crashes + 1 ELSE crashes END WHERE id = ?`,
    ),
    end: database.prepare(
      `UPDATE durable_executions SET status = ?, result = ?, error = ?, ended_at = ?,
         token = NULL, resume_at = NULL WHERE id = ?`,
    ),
    running: database.prepare("SELECT name FROM durable_executions WHERE status = 'RUNNING'"),
    due: database.prepare(
      "SELECT name FROM durable_executions WHERE status = 'RUNNING' AND resume_at <= ? ORDER BY resume_at",
    ),
    nextResume: database.prepare(
      "SELECT min(resume_at) AS at FROM durable_executions WHERE status = 'RUNNING'",
    ),
    unreportedFailures: database.prepare(
      "SELECT * FROM durable_executions WHERE status = 'FAILED' AND failure_reported = 0",
    ),
    reportFailure: database.prepare(
      'UPDATE durable_executions SET failure_reported = 1 WHERE id = ?',
    ),
    prune: database.prepare(
      "DELETE FROM durable_executions WHERE status <> 'RUNNING' AND ended_at < ?",
    ),
  };
  const names = (rows: unknown[]) => rows.map((row) => (row as { name: string }).name);

  return {
    insert(execution: Pick<Execution, 'id' | 'name' | 'input'>, now: number) {
      sql.insert.run(execution.id, execution.name, execution.input, now, now);
    },
    /** Without the input and the result, which may be large. */
    state(id: string): ExecutionState | undefined {
      const row = sql.state.get(id);
      return row === undefined ? undefined : toState(row as StateRow);
    },
    byId: (id: string) => toExecution(sql.byId.get(id)),
    byName: (name: string) => toExecution(sql.byName.get(name)),
    list: (status: ExecutionStatus | null) =>
      sql.list.all(status).map((row) => toExecution(row) as Execution),
    /** A new invocation: from here on only `token` may write. */
    begin(id: string, token: string) {
      sql.begin.run(token, id);
    },
    /** The next token within an invocation; progress forgives earlier crashes. */
    advance(id: string, token: string, lastRequest: LastRequest | null, isProgress: boolean) {
      const text = lastRequest === null ? null : JSON.stringify(lastRequest);
      sql.advance.run(token, text, isProgress ? 1 : 0, id);
    },
    /** No invocation until `resumeAt` (null: until a callback). */
    park(id: string, resumeAt: number | null, isCrash: boolean) {
      sql.park.run(resumeAt, isCrash ? 1 : 0, id);
    },
    end(id: string, ending: Ending, now: number) {
      const result = ending.status === 'SUCCEEDED' ? ending.result : null;
      const error = ending.status === 'SUCCEEDED' ? null : JSON.stringify(ending.error);
      sql.end.run(ending.status, result, error, now, id);
    },
    running: () => names(sql.running.all()),
    due: (now: number) => names(sql.due.all(now)),
    nextResume: () => (sql.nextResume.get() as { at: number | null }).at,
    unreportedFailures: () =>
      sql.unreportedFailures.all().map((row) => toExecution(row) as Execution),
    markFailureReported(id: string) {
      sql.reportFailure.run(id);
    },
    /** Deletes executions, with their operations, that ended before `before`. */
    prune(before: number) {
      sql.prune.run(before);
    },
  };
}

function toExecution(value: unknown): Execution | undefined {
  if (value === undefined) return undefined;
  const row = value as ExecutionRow;
  return {
    ...toState(row),
    input: row.input,
    result: row.result,
    error: row.error === null ? null : JSON.parse(row.error),
    startedAt: row.started_at,
    endedAt: row.ended_at,
    resumeAt: row.resume_at,
  };
}

function toState(row: StateRow): ExecutionState {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    token: row.token,
    lastRequest: row.last_request === null ? null : JSON.parse(row.last_request),
    invocation: row.invocation,
    crashes: row.crashes,
  };
}
