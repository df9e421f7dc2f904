import type {
  DurableExecutionClient,
  DurableExecutionHandler,
  ErrorObject,
} from '@aws/durable-execution-sdk-js';
import type { Clock, Executions } from '../../core/ports.ts';
import type { Database } from '../database.ts';
import type { Scheduler } from './alarm.ts';
import type { ExecutionDescription, ExecutionSummary } from './describe.ts';
import type { ExecutionStatus } from './execution-store.ts';

export interface FailedExecution {
  readonly name: string;
  readonly input: unknown;
  readonly error: ErrorObject;
}

export interface EngineLogEntry {
  readonly message: string;
  /** Null when the trouble is the engine's own. */
  readonly execution: string | null;
  readonly error?: unknown;
}

export interface DurableEngineOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** The durable function, not wrapped in `withDurableExecution`. */
  readonly handler: DurableExecutionHandler<never, unknown>;
  readonly client?: DurableExecutionClient;
  readonly scheduler?: Scheduler;
  /** Called at least once for every execution that ends FAILED; again and again while it throws. */
  readonly onFailure?: (failed: FailedExecution) => Promise<void> | void;
  /** Everything that went wrong without failing a caller; the console unless given. */
  readonly log?: (entry: EngineLogEntry) => void;
  /** How long ended executions are kept; the service's default is 14. */
  readonly retentionDays?: number;
  readonly random?: () => number;
}

export interface DurableEngine extends Executions {
  /** Answers a callback with an error; `accepted` is false when it is closed already. */
  failCallback(callbackId: string, error: ErrorObject): Promise<{ accepted: boolean }>;
  /** Ends a running execution as STOPPED; its invocation can write nothing more. Else no effect. */
  stop(name: string, reason: string): Promise<void>;
  describe(name: string): ExecutionDescription | null;
  /** In order of start. */
  list(filter?: { readonly status?: ExecutionStatus }): readonly ExecutionSummary[];
  /** To call once after the process started: prunes, then continues every RUNNING execution. */
  resume(): Promise<void>;
  /** Lets current steps finish for at most this long, then fences their invocations off. */
  close(options: { readonly timeoutMilliseconds: number }): Promise<void>;
  /** Resolves when no invocation is running and no timer is due. */
  idle(): Promise<void>;
  /** What the engine holds in memory. Parked executions hold nothing. */
  stats(): { readonly invocations: number; readonly timers: number; readonly waiters: number };
}
