import type { ErrorObject, WireOperation } from '@aws/durable-execution-sdk-js';
import type { Execution, ExecutionStatus } from './execution-store.ts';

export interface ExecutionSummary {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  /** Null while it runs. */
  readonly endedAt: Date | null;
}

export interface ExecutionDescription extends ExecutionSummary {
  readonly input: unknown;
  /** What the handler returned; null before success and for `undefined`. */
  readonly result: unknown;
  /** Why it FAILED or was STOPPED, else null. */
  readonly error: ErrorObject | null;
  /** Every operation so far, in order of start. */
  readonly operations: readonly WireOperation[];
}

export function summarize(execution: Execution): ExecutionSummary {
  const { name, status, startedAt, endedAt } = execution;
  return {
    name,
    status,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  };
}

export function describe(
  execution: Execution,
  operations: readonly WireOperation[],
): ExecutionDescription {
  return {
    ...summarize(execution),
    input: JSON.parse(execution.input),
    result: execution.result ? JSON.parse(execution.result) : null,
    error: execution.error,
    operations,
  };
}
