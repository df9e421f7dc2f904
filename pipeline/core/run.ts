import type { Actor } from './actor.ts';
import type { Approval } from './approval-record.ts';
import type { DataChanges } from './data-contract/data-changes.ts';
import type { Appending, Dataset } from './dataset.ts';
import type { Deployment } from './deployment-record.ts';
import type { Failure } from './errors.ts';
import type { GatePower } from './gate/power.ts';
import type { Verdict } from './gate/verdict.ts';
import type { Instant } from './instant.ts';
import type { Evaluation, PrepareReport } from './python-contract.ts';
import type { RunId } from './run-id.ts';
import type { RunSettings } from './settings-record.ts';
import type { JobUsage, Source, Training } from './training-record.ts';

export { type Actor, isSameActor, type Person } from './actor.ts';
export type { Approval, Decision, HandOver, Snooze } from './approval-record.ts';
export type { Dataset, DatasetFile } from './dataset.ts';
export type { Deployment, Lift, Retirement } from './deployment-record.ts';
export type { Instant } from './instant.ts';
export type { RunId } from './run-id.ts';
export type { Interruption, JobUsage, Source, Training } from './training-record.ts';

export type RunKind = 'retrain' | 'promote' | 'rollback' | 'retire';

export type StageName =
  | 'prepare'
  | 'train'
  | 'evaluate'
  | 'gate'
  | 'register'
  | 'approve'
  | 'deploy'
  | 'watch'
  | 'retire';

/** The stages from a dataset to production, in order. */
export const stageNames: readonly StageName[] = [
  'prepare',
  'train',
  'evaluate',
  'gate',
  'register',
  'approve',
  'deploy',
  'watch',
];

/** The stages of a kind of run, in order. */
export const stagesOf: Readonly<Record<RunKind, readonly StageName[]>> = {
  retrain: stageNames,
  promote: ['approve', 'deploy', 'watch'],
  rollback: ['deploy', 'watch'],
  retire: ['retire'],
};

/** Status of a stage; it only moves to the right. */
export type StageStatus = 'pending' | 'running' | 'succeeded' | 'failed';

export interface Stage {
  readonly name: StageName;
  readonly status: StageStatus;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** `superseded`: production changed while the run waited, so what was compared no longer holds. */
export type Outcome =
  | 'deployed'
  | 'blocked'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'failed'
  | 'stopped'
  | 'rolled_back'
  | 'retired';

export interface ModelArtifact {
  /** Artifact key of `model.tar.gz`. */
  readonly key: string;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Where a run goes on that has become too long for one durable execution. */
export interface Continuation {
  /** Number of the execution, from 2. */
  readonly part: number;
  readonly stage: StageName;
}

export interface QueuedJob {
  readonly jobName: string;
  /** Names the quota. */
  readonly reason: string;
  readonly since: Instant;
}

/** Held-out rows that production had neither been trained nor judged on when it was evaluated. */
export interface NewRows {
  readonly rows: number;
  /** On fewer than these nothing is said about its score: `alerts.minimumRows`. */
  readonly minimum: number;
}

/** Seconds, by who spent them; the rest of the wall time is orchestration. */
export interface TimeSpent {
  /** Python at work: preparing, training, evaluating, loading the model to serve. */
  readonly python: number;
  /** Waiting for capacity, for another deployment, and the bake window. People are added from `approval`. */
  readonly waiting: number;
}

/** The truth about a run. Cards, reports and answers are computed from it and from nothing else. */
export interface Run {
  readonly id: RunId;
  /** Grows by one with each change; the condition of every write. */
  readonly revision: number;
  readonly kind: RunKind;
  readonly model: string;
  readonly requestedBy: Actor;
  readonly reason: string | null;
  /** Commit of the repository that CI named; left out otherwise. */
  readonly commit?: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt: Instant | null;
  readonly outcome: Outcome | null;
  readonly failure: Failure | null;
  readonly stopRequestedBy: Actor | null;
  /** Who asked for an on-demand machine instead of waiting for Spot capacity. */
  readonly onDemandRequestedBy?: Actor;
  readonly stages: readonly Stage[];
  readonly recipe: string;
  /** Overrides given with the command, already checked against the recipe. */
  readonly hyperparameters: Readonly<Record<string, string | number | boolean>>;
  /** False: the overrides are all there is, as in a run that is repeated. */
  readonly inherits?: false;
  /** What it takes from the version in production, and where it differs; left out before it is known. */
  readonly settings?: RunSettings;
  readonly dataset: Dataset | null;
  /** Its file is appended to the data of production; left out: it is all there is. */
  readonly appends?: true;
  /** What it was appended to; left out before that is known. */
  readonly appending?: Appending;
  /** Asked for with the command; null (or left out): as the configuration says. */
  readonly spot?: boolean | null;
  /** A person asked to train although the data differs from that of production; left out: no. */
  readonly acceptsData?: true;
  readonly prepared: PrepareReport | null;
  /** What the gate will be able to tell on these held-out rows; left out without production. */
  readonly power?: GatePower;
  /** How the data differs from that of production; left out when it does not, or is not known to. */
  readonly dataChanges?: DataChanges;
  readonly training: Training | null;
  readonly artifact: ModelArtifact | null;
  readonly evaluation: Evaluation | null;
  /** Version in production when the candidate was evaluated or its promotion requested. */
  readonly evaluatedAgainst: number | null;
  /** The best version so far, evaluated beside production when it is another one. */
  readonly evaluatedAnchor?: number | null;
  /** Left out where nothing was in production, and in records from before it was counted. */
  readonly newRows?: NewRows;
  /** Histograms of its held-out rows are kept, so the inputs of its version can be watched for drift. */
  readonly hasReference?: true;
  readonly verdict: Verdict | null;
  /** Registry version: the new one of a retrain, the asked-for one of promote and rollback. */
  readonly version: number | null;
  readonly approval: Approval | null;
  readonly deployment: Deployment | null;
  /** Run that holds the model's deployment lease while this one waits for it. */
  readonly waitingFor: RunId | null;
  readonly time: TimeSpent;
  /** The job that waits for a quota of the account to have room; left out while none does. */
  readonly queuedJob?: QueuedJob;
  /** Left out while the run is in its first execution. */
  readonly continuation?: Continuation;
  /** Jobs that have ended, oldest first; left out in records from before it was kept. */
  readonly usage?: readonly JobUsage[];
}

/** Whether a stored record has what every version wrote: the parts without which no code can read it. */
export function isRun(value: object): value is Run {
  const run: Readonly<Record<string, unknown>> = { ...value };
  const texts = [run.id, run.kind, run.model, run.createdAt, run.updatedAt, run.recipe];
  const objects = [run.requestedBy, run.hyperparameters, run.time];
  const others = [run.outcome, run.failure, run.dataset, run.prepared, run.training, run.artifact];
  const later = [run.evaluation, run.verdict, run.version, run.approval, run.deployment];
  return (
    texts.every((text) => typeof text === 'string' && text !== '') &&
    objects.every((part) => typeof part === 'object' && part !== null) &&
    [...others, ...later].every((part) => part !== undefined) &&
    typeof run.revision === 'number' &&
    Array.isArray(run.stages) &&
    run.stages.every((stage) => typeof stage?.name === 'string')
  );
}

export function stageOf(run: Run, name: StageName): Stage | undefined {
  return run.stages.find((stage) => stage.name === name);
}

/** The stage that runs now, if any. */
export function currentStage(run: Run): Stage | undefined {
  return run.stages.find((stage) => stage.status === 'running');
}

/** Whether the training is a Spot job that has not had a machine yet. */
export function waitsForSpot(run: Run): boolean {
  const { training } = run;
  return (
    stageOf(run, 'train')?.status === 'running' && training?.spot === true && training.step === null
  );
}

export function hasEnded(run: Run): boolean {
  return run.outcome !== null;
}

/** Null before the training, and in records from before it was kept. */
export function sourceOf({ training, commit }: Run): Source | null {
  return training?.code === undefined ? null : { code: training.code, commit: commit ?? null };
}

/** The version the run left live; null when it left none. */
export function deployedVersion(run: Run): number | null {
  const { deployment } = run;
  if (deployment === null || deployment.verifiedAt === null) return null;
  return deployment.revertedAt === null ? deployment.to : null;
}

/** The version the run left live, as long as no other run has replaced it or retired the model. */
export function liveVersion(run: Run): number | null {
  const { replaced, retired } = run.deployment ?? {};
  return replaced == null && retired === undefined ? deployedVersion(run) : null;
}
