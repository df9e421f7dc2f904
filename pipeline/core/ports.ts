import type { TaskType } from './config.ts';
import type { DataPolicy } from './data-contract/data-policy.ts';
import type { DomainEvent } from './events.ts';
import type { VerdictOutcome } from './gate/verdict.ts';
import type { PrepareReport } from './python-contract.ts';
import type { Instant, Run, RunId, Source } from './run.ts';

export type { AlertQuery, AlertStore } from './alert/alert-store.ts';
export type { AuditLog } from './audit.ts';
export type { EndpointConfig, EndpointDescription, EndpointHost } from './endpoint-ports.ts';
export type { GateLedgers } from './gate/ledger.ts';
export type { JobDescription, JobRunner, JobSpec, JobStatus } from './job-ports.ts';

/** Injected, so that tests control the time. */
export interface Clock {
  now(): Date;
}

/**
 * Immutable files by key (S3 | folder). Keys use `/`, never start with it and hold no `..`.
 * A key that is written twice holds the later bytes; the pipeline never changes one.
 */
export interface ArtifactStore {
  /** Stores a small document (at most a few MB). */
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** The whole object, or null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** SHA-256 of the bytes as they are now, hexadecimal, of any size; null when there is none. */
  sha256(key: string): Promise<string | null>;
  /** Stores a local stream of any size; resolves when it is durable. */
  putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** Keys under the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
}

/** Newest first; fields left out do not filter. */
export interface RunQuery {
  readonly model?: string;
  readonly ended?: boolean;
  /** Only runs that put a version live which was not put back: those with a `deployedVersion`. */
  readonly deployed?: true;
  /** Created at this instant or later. */
  readonly createdFrom?: Instant;
  /** Created before this instant. */
  readonly createdBefore?: Instant;
  /** Goes on behind this run: the last one of an earlier answer to the same query. */
  readonly after?: Pick<Run, 'id' | 'createdAt'>;
  /** At most this many (default 50). */
  readonly limit?: number;
}

/** Newest first; fields left out do not filter. */
export interface VersionQuery {
  /** Only versions with a lower number. */
  readonly below?: number;
  /** At most this many; left out: all. */
  readonly limit?: number;
}

/**
 * Run records (DynamoDB | SQLite). `create` and `replace` are conditional writes: they return
 * false, and change nothing, when another writer was first.
 */
export interface RunStore {
  create(run: Run): Promise<boolean>;
  get(id: RunId): Promise<Run | null>;
  /** Writes `run` only over revision `run.revision - 1`. */
  replace(run: Run): Promise<boolean>;
  list(query: RunQuery): Promise<readonly Run[]>;
}

/** The durable callback each parked run waits for (DynamoDB | SQLite). */
export interface CallbackStore {
  /** Stores the callback a run is parked on; a run is parked on one at a time. */
  park(runId: RunId, callbackId: string): Promise<void>;
  /** The callback the run is parked on, or null. */
  parked(runId: RunId): Promise<string | null>;
}

/** One deployment per model at a time (DynamoDB | SQLite). */
export interface Leases {
  /** Takes or keeps the lease for `runId`; returns who holds it afterwards. */
  acquire(model: string, runId: RunId): Promise<RunId>;
  /** Releases the lease if `runId` holds it; otherwise changes nothing. */
  release(model: string, runId: RunId): Promise<void>;
}

/** The durable engine (Lambda durable functions | SQLite). */
export interface Executions {
  /** Starts the flow once per name; the same name and input again changes nothing. */
  start(execution: { name: string; input: unknown }): Promise<void>;
  /** Whether the execution goes on; null for one that is not known, or no longer. */
  isRunning(name: string): Promise<boolean | null>;
  /** Resumes a parked execution; `accepted` is false when the callback is closed already. */
  succeedCallback(callbackId: string, payload: string): Promise<{ accepted: boolean }>;
}

/** An error that no card explains: the operator finds it in the log of the pipeline. */
export interface UnexpectedError {
  readonly message: string;
  readonly runId: RunId;
  /** Name of the durable step in which it was thrown; null outside of steps. */
  readonly step: string | null;
  readonly error: unknown;
}

/** The log of the pipeline (CloudWatch Logs | terminal), which masks secrets. Never throws. */
export type ErrorLog = (entry: UnexpectedError) => void;

export interface PrepareRequest {
  readonly inputKey: string;
  readonly fileName: string;
  /** Earlier files of the dataset, oldest first; `inputKey` is appended to them. */
  readonly appendTo: readonly Pick<PrepareRequest, 'inputKey' | 'fileName'>[];
  /** `train.jsonl`, `validation.jsonl`, `test.jsonl` and `seen.json` are written under it. */
  readonly outputPrefix: string;
  readonly task: TaskType;
  readonly labelColumn: string;
  readonly textColumn: string | null;
  readonly groupColumn: string | null;
  readonly timeColumn: string | null;
  /** Held-out rows keep their values. */
  readonly sliceColumns: readonly string[];
  readonly onConflict: DataPolicy['onConflict'];
  /** Versions whose training rows are looked for among the held-out ones. */
  readonly earlier: readonly EarlierVersion[];
}

/** A version, and the `outputPrefix` that its training rows are under, if they are still stored. */
export interface EarlierVersion {
  readonly version: number;
  readonly prefix: string;
}

/** Runs `prepare_data.py` (Lambda | subprocess). Idempotent: the same request, the same files. */
export interface DatasetPreparer {
  /** @throws {MlopsError} `PREPARE_FAILED` when no report came back; invalid data is a report. */
  prepare(request: PrepareRequest): Promise<PrepareReport>;
}

export interface RegisteredVersion {
  readonly model: string;
  readonly version: number;
  readonly runId: RunId;
  readonly createdAt: Instant;
  readonly recipe: string;
  readonly artifact: { key: string; sha256: string; bytes: number };
  /** Digest of archive, metrics and verdict: what an approval is bound to. */
  readonly digest: string;
  /** Metrics on the held-out rows at registration, shares from 0 to 1. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `fail` only where the gate was advisory. */
  readonly verdict: VerdictOutcome;
  readonly datasetVersion: string;
  /** Left out in versions from before it was kept. */
  readonly source?: Source;
  /** Artifact key of the recorded requests that verify an endpoint. */
  readonly smokeKey: string;
  /** Artifact key of its model card; left out in versions from before there were any. */
  readonly cardKey?: string;
  readonly approval: 'PendingManualApproval' | 'Approved' | 'Rejected';
  readonly approvalNote: string | null;
  /**
   * The last change of the version, when a person made it in SageMaker Studio, as
   * `<domain id>/<user profile>`; null when we or a role without a profile made it, or where there
   * is no Studio.
   */
  readonly lastChangeInStudio: { readonly by: string; readonly at: Instant } | null;
  /**
   * The run that took it out of production because something was wrong with it: a rollback, or its
   * own deployment that was put back. The record of that run says who, why and whether a person has
   * taken the mark off. Null again once it is live with a new approval.
   */
  readonly rolledBackBy: RunId | null;
}

/** What a run registers; the registry adds the rest. */
export type NewVersion = Omit<
  RegisteredVersion,
  'version' | 'approval' | 'approvalNote' | 'lastChangeInStudio' | 'rolledBackBy'
>;

/** Versions of each model (SageMaker Model Registry | SQLite). Versions count from 1. */
export interface ModelRegistry {
  /** Registers once per run: the same `runId` again returns the same version. */
  register(entry: NewVersion): Promise<RegisteredVersion>;
  get(model: string, version: number): Promise<RegisteredVersion | null>;
  list(model: string, query?: VersionQuery): Promise<readonly RegisteredVersion[]>;
  setApproval(
    model: string,
    version: number,
    approval: RegisteredVersion['approval'],
    note: string | null,
  ): Promise<void>;
  /** Null takes the mark off. @throws {MlopsError} `VERSION_UNKNOWN`. */
  setRolledBack(model: string, version: number, by: RunId | null): Promise<void>;
}

/** Domain events outward (EventBridge | in process). Delivery is at least once, in any order. */
export interface EventBus {
  publish(event: DomainEvent): Promise<void>;
}
