import type { Baseline } from './baseline.ts';
import type { JobEvent } from './python-contract.ts';
import type { Instant, RunId } from './run.ts';

export interface JobSpec {
  /** Unique and stable: the idempotency key. At most 63 of `[a-zA-Z0-9-]`. */
  readonly name: string;
  readonly kind: 'train' | 'evaluate';
  readonly runId: RunId;
  readonly model: string;
  /** Script inside the code channel, e.g. `recipes/distilbert/train.py`. */
  readonly script: string;
  /** Recipe whose container image (or local environment) runs the script. */
  readonly recipe: string;
  /** Channel name → artifact key of a file, or of a prefix that ends in `/`. */
  readonly channels: Readonly<Record<string, string>>;
  /**
   * Of a training: the baseline that its evaluation is likely to ask for, and the key of the
   * held-out rows. A hint, for a runner that can fit it in the meantime.
   */
  readonly baseline?: { readonly name: Baseline; readonly test: string };
  /** SageMaker hyperparameters: every value a string. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Artifact prefix for `model.tar.gz` and the output files. */
  readonly outputPrefix: string;
  /** Artifact prefix of the checkpoints, shared by the attempts of one run; null for none. */
  readonly checkpointPrefix: string | null;
  readonly instanceType: string;
  readonly spot: boolean;
  readonly maxRuntimeSeconds: number;
  readonly maxWaitSeconds: number;
}

/** SageMaker's TrainingJobStatus, without the values that never reach us. */
export type JobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

export interface JobDescription {
  readonly name: string;
  readonly status: JobStatus;
  /** SageMaker's SecondaryStatus, e.g. `Starting`, `Training`, `Interrupted`, `MaxWaitTimeExceeded`. */
  readonly secondaryStatus: string;
  readonly progress: Extract<JobEvent, { event: 'progress' }> | null;
  readonly progressAt: Instant | null;
  readonly interruptions: readonly {
    readonly atStep: number;
    readonly at: Instant;
    readonly resumedFromStep: number | null;
    readonly resumedAt: Instant | null;
  }[];
  /** First 1024 characters of what the script said, or null. */
  readonly failureReason: string | null;
  /** Seconds the script was running, over all attempts. */
  readonly runningSeconds: number;
  /** Seconds without a machine: queueing and after interruptions. */
  readonly waitingSeconds: number;
  /**
   * SageMaker's `BillableTimeInSeconds` times the instances: what is billed at the on-demand price,
   * fewer than the running seconds on Spot. Null, or left out, where nothing is billed.
   */
  readonly billableSeconds?: number | null;
  /** The packed model of a completed training job. */
  readonly modelArtifact: { key: string; sha256: string; bytes: number } | null;
}

/** Training and evaluation jobs (SageMaker training jobs | subprocess). */
export interface JobRunner {
  /** Version of the code that a job started now would run; it changes with the content. */
  codeVersion(): Promise<string>;
  /**
   * Starts the job; again with the same name changes nothing.
   * @throws {MlopsError} `QUOTA_EXCEEDED` when the account may not have such a machine, or, retryable,
   * not another one now.
   */
  start(spec: JobSpec): Promise<void>;
  /** The truth about a job; null when it was never started. */
  describe(name: string): Promise<JobDescription | null>;
  /** Asks the job to end: SIGTERM, then SIGKILL. No effect on an ended or unknown job. */
  stop(name: string): Promise<void>;
  /** A file the job left in `/opt/ml/output/data`; null when it left none of that name. */
  output(name: string, fileName: string): Promise<Uint8Array | null>;
  /** The last lines the job printed, oldest first. */
  logs(name: string, lines: number): Promise<readonly string[]>;
}
