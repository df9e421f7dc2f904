/** Something the operator should read; `about` names the run, job, endpoint or file. */
export interface LogEntry {
  readonly message: string;
  readonly about?: string;
  readonly error?: unknown;
}

export type Log = (entry: LogEntry) => void;
