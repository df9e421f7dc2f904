import type { ErrorLog } from '../core/ports.ts';

/** Something the operator should read; `about` names the run, job, endpoint or file. */
export interface LogEntry {
  readonly message: string;
  readonly about?: string;
  readonly error?: unknown;
}

export type Log = (entry: LogEntry) => void;

/** {@link ErrorLog} of the local pipeline; whoever writes the entries masks what looks like a secret. */
export function toErrorLog(log: Log): ErrorLog {
  return ({ message, runId, step, error }) =>
    log({ message, about: step === null ? runId : `${runId}, ${step}`, error });
}
