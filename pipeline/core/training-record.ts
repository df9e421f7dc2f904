import type { Instant } from './instant.ts';
import type { TrainingMetrics } from './python-contract.ts';

export interface Interruption {
  readonly atStep: number;
  readonly at: Instant;
  /** Null until the job trains again. */
  readonly resumedFromStep: number | null;
  readonly resumedAt: Instant | null;
}

/** Which code trained a model. */
export interface Source {
  /** Version of the training code; it changes with the content. */
  readonly code: string;
  /** Commit that was named when the run was requested; null when none was. */
  readonly commit: string | null;
}

export interface Training {
  readonly jobName: string;
  /** Version of the code the job runs; left out in records from before it was kept. */
  readonly code?: string;
  readonly spot: boolean;
  readonly instanceType: string;
  readonly step: number | null;
  readonly total: number | null;
  readonly loss: number | null;
  readonly samplesPerSecond: number | null;
  /** Set once a Spot job has waited long for its machine: since when it waits. */
  readonly waitsSince?: Instant;
  /** When `step` was last reported. */
  readonly progressAt: Instant | null;
  /**
   * The first report of this attempt: from there on the job trains, and only that time tells its speed.
   * Left out before it, after an interruption, and in records from before it was kept.
   */
  readonly firstReport?: { readonly step: number; readonly at: Instant };
  readonly interruptions: readonly Interruption[];
  readonly metrics: TrainingMetrics | null;
}

/** What a job used of a machine, however it ended. */
export interface JobUsage {
  readonly jobName: string;
  readonly kind: 'train' | 'evaluate';
  readonly instanceType: string;
  readonly spot: boolean;
  /** Seconds the script was running, over all attempts. */
  readonly running: number;
  /**
   * Seconds AWS bills at the on-demand price (SageMaker's `BillableTimeInSeconds`, where Spot makes
   * them fewer); null on this machine, where nothing is billed.
   */
  readonly billable: number | null;
}
