import type { JobDescription, JobSpec } from '../../core/ports.ts';
import type { JobEvent } from '../../core/python-contract.ts';
import type { Instant } from '../../core/run.ts';
import type { ProcessIdentity } from '../processes.ts';

/** What is stored about a job; `describeJob` turns it into the port's description. */
export interface JobRecord
  extends Omit<JobDescription, 'name' | 'runningSeconds' | 'waitingSeconds'> {
  readonly spec: JobSpec;
  /** Seconds of the phases that are over. */
  readonly running: number;
  readonly waiting: number;
  /** The phase that is being timed; none while a job starts, uploads, or has ended. */
  readonly phase: { readonly kind: 'running' | 'waiting'; readonly since: Instant } | null;
  /** When the record was last written: how long a job was seen alive that died with the pipeline. */
  readonly seenAt: Instant;
  /** The process of the present attempt. */
  readonly process: ProcessIdentity | null;
  /** The step at which the script said it was interrupted; null while it has not said so. */
  readonly interruptedAtStep: number | null;
  /** How often the script ended as interrupted without a request. */
  readonly lostMachines: number;
}

type Outcome =
  | { readonly status: 'Completed'; readonly modelArtifact: JobRecord['modelArtifact'] }
  | { readonly status: 'Failed'; readonly reason: string }
  | {
      readonly status: 'Stopped';
      readonly secondaryStatus: 'Stopped' | 'MaxWaitTimeExceeded' | 'MaxRuntimeExceeded';
    };

/** SageMaker's limit of FailureReason, in characters. */
const MAX_REASON_CHARACTERS = 1024;

/** A job that waits for its turn. */
export function newJob(spec: JobSpec, at: Instant): JobRecord {
  return {
    spec,
    status: 'InProgress',
    secondaryStatus: 'Pending',
    progress: null,
    progressAt: null,
    interruptions: [],
    failureReason: null,
    modelArtifact: null,
    running: 0,
    waiting: 0,
    phase: { kind: 'waiting', since: at },
    seenAt: at,
    process: null,
    interruptedAtStep: null,
    lostMachines: 0,
  };
}

export function hasJobEnded(job: JobRecord): boolean {
  return job.status !== 'InProgress' && job.status !== 'Stopping';
}

/** The present phase is over; `at` is when it really was. */
export function endPhase(job: JobRecord, at: Instant): JobRecord {
  if (job.phase === null) return job;
  const { kind, since } = job.phase;
  return { ...job, [kind]: job[kind] + secondsBetween(since, at), phase: null };
}

export function beginPhase(job: JobRecord, kind: 'running' | 'waiting', at: Instant): JobRecord {
  return { ...endPhase(job, at), phase: { kind, since: at } };
}

/** The job after a line it printed. */
export function applyEvent(job: JobRecord, event: JobEvent, at: Instant): JobRecord {
  switch (event.event) {
    case 'progress':
      return { ...resumeFrom(job, 0, at), progress: event, progressAt: at };
    case 'resumed':
      return { ...resumeFrom(job, event.step, at), progress: stepTo(job, event.step) };
    case 'checkpoint':
      return resumeFrom(job, 0, at);
    case 'interrupted':
      return { ...job, interruptedAtStep: event.step };
  }
}

/** Records where the latest interruption was resumed from, unless that is known already. */
function resumeFrom(job: JobRecord, step: number, at: Instant): JobRecord {
  const last = job.interruptions.at(-1);
  if (last === undefined || last.resumedFromStep !== null) return job;
  const resumed = { ...last, resumedFromStep: step, resumedAt: at };
  return { ...job, interruptions: [...job.interruptions.slice(0, -1), resumed] };
}

/** The script ended early, at `at`. */
export function interruptJob(job: JobRecord, at: Instant): JobRecord {
  const atStep = job.interruptedAtStep ?? job.progress?.step ?? 0;
  const interruption = { atStep, at, resumedFromStep: null, resumedAt: null };
  return {
    ...endPhase(job, at),
    secondaryStatus: 'Interrupted',
    progress: stepTo(job, atStep),
    interruptions: [...job.interruptions, interruption],
    interruptedAtStep: null,
    process: null,
  };
}

/** The latest progress, moved to where the script really is. */
function stepTo({ progress }: JobRecord, step: number): JobRecord['progress'] {
  return progress && { ...progress, step };
}

export function endJob(job: JobRecord, outcome: Outcome, at: Instant): JobRecord {
  const ended = { ...endPhase(job, at), status: outcome.status, process: null };
  switch (outcome.status) {
    case 'Completed':
      return {
        ...resumeFrom(ended, 0, at),
        secondaryStatus: 'Completed',
        modelArtifact: outcome.modelArtifact,
      };
    case 'Failed':
      return {
        ...ended,
        secondaryStatus: 'Failed',
        failureReason: outcome.reason.slice(0, MAX_REASON_CHARACTERS),
      };
    case 'Stopped':
      return { ...ended, secondaryStatus: outcome.secondaryStatus };
  }
}

/** Seconds until a limit of the job is reached if the present phase goes on, and which one. */
export function nextLimit(job: JobRecord): {
  readonly seconds: number;
  readonly name: 'MaxWaitTimeExceeded' | 'MaxRuntimeExceeded';
} {
  const { spec, running, waiting } = job;
  // MaxWaitTimeInSeconds is for Spot only, and counts waiting and running (CreateTrainingJob).
  const untilWait = spec.spot ? spec.maxWaitSeconds - running - waiting : Number.POSITIVE_INFINITY;
  const untilRuntime =
    job.phase?.kind === 'running' ? spec.maxRuntimeSeconds - running : Number.POSITIVE_INFINITY;
  return untilRuntime <= untilWait
    ? { seconds: Math.max(0, untilRuntime), name: 'MaxRuntimeExceeded' }
    : { seconds: Math.max(0, untilWait), name: 'MaxWaitTimeExceeded' };
}

export function describeJob(job: JobRecord, now: Instant): JobDescription {
  const { running, waiting } = endPhase(job, now);
  return {
    name: job.spec.name,
    status: job.status,
    secondaryStatus: job.secondaryStatus,
    progress: job.progress,
    progressAt: job.progressAt,
    interruptions: job.interruptions,
    failureReason: job.failureReason,
    runningSeconds: running,
    waitingSeconds: waiting,
    modelArtifact: job.modelArtifact,
  };
}

function secondsBetween(from: Instant, to: Instant): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
