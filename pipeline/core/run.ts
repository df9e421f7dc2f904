import type { Errors } from './alert/error-rates.ts';
import type { AuditSource } from './audit-source.ts';
import type { DataChanges } from './data-contract/data-changes.ts';
import type { Failure } from './errors.ts';
import type { GatePower } from './gate/power.ts';
import type { Verdict } from './gate/verdict.ts';
import type { Instant } from './instant.ts';
import type { Evaluation, PrepareReport } from './python-contract.ts';
import type { RunSettings } from './settings-record.ts';
import type { JobUsage, Source, Training } from './training-record.ts';

export type { Instant } from './instant.ts';
export type { Interruption, JobUsage, Source, Training } from './training-record.ts';

export type RunId = string;
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

/** Who caused something: a person in Slack, or another command source such as CI or the schedule. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'system'; readonly name: 'inbox' | 'schedule' | 'ci' | 'cli' | 'watch' };

/** Somebody Slack knows. */
export type Person = Actor & { readonly kind: 'person' };

export interface Dataset {
  /** Artifact key of the file as it was dropped. */
  readonly key: string;
  /** File name as the person wrote it; untrusted text. */
  readonly fileName: string;
  /** First 12 hexadecimal digits of the file's SHA-256: the dataset version. */
  readonly version: string;
  readonly bytes: number;
}

export interface ModelArtifact {
  /** Artifact key of `model.tar.gz`. */
  readonly key: string;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface Decision {
  readonly by: Actor;
  readonly outcome: 'approved' | 'rejected';
  readonly reason: string | null;
  readonly at: Instant;
  /** The command source; left out for Slack. */
  readonly via?: 'studio';
  /** The same for the audit log; left out in records from before. */
  readonly from?: AuditSource;
}

/** A request handed over: who asked whom to decide. */
export interface HandOver {
  readonly by: Actor;
  readonly to: Person;
  readonly at: Instant;
}

export type ApprovalOutcome = 'approved' | 'rejected' | 'expired' | 'not_needed';

export interface Approval {
  readonly requestedAt: Instant;
  readonly expiresAt: Instant | null;
  /** When the one reminder that comes by itself was sent. */
  readonly remindedAt: Instant | null;
  /** The last reminder that a person asked for, and how many there were; left out: none. */
  readonly reminder?: { readonly by: Actor; readonly at: Instant; readonly count: number };
  /** Whom people asked to decide, each once; the rights stay as they are. Left out: no one. */
  readonly handedOver?: readonly HandOver[];
  readonly approvers: readonly string[];
  /** Whom the request mentions; left out in records from before it could differ: the approvers. */
  readonly notify?: readonly string[];
  readonly quorum: number;
  readonly selfApproval: boolean;
  /** Whether an approval needs a reason: it overrides the gate, or the data changed; left out: no. */
  readonly reasonRequired?: boolean;
  /** Digest of exactly what is approved; a decision given for another digest does not count. */
  readonly digest: string;
  readonly decisions: readonly Decision[];
  readonly outcome: ApprovalOutcome | null;
  readonly endedAt: Instant | null;
  /**
   * Something else went live while it was open, so what people were asked no longer holds; null
   * again, or left out, while it does. `isProven`: that version has passed its bake window.
   */
  readonly outdated?: {
    readonly live: number | null;
    readonly isProven: boolean;
    readonly at: Instant;
  } | null;
}

export interface Deployment {
  /** Version in production before; null when there was none. */
  readonly from: number | null;
  readonly fromConfigName: string | null;
  /** What the version before had answered when this one replaced it; left out where that is not known. */
  readonly before?: Errors;
  readonly to: number;
  readonly endpointName: string;
  readonly configName: string;
  readonly startedAt: Instant;
  readonly verifiedAt: Instant | null;
  /** How many recorded rows the live endpoint repeated. */
  readonly verifiedRows: number | null;
  readonly url: string | null;
  /** A request the endpoint can answer, for people to try it with. */
  readonly example: { readonly contentType: string; readonly body: string } | null;
  readonly watchUntil: Instant | null;
  /** Set when the previous configuration was put back. */
  readonly revertedAt: Instant | null;
  readonly revertReason: string | null;
  /** Left out: what was live before came back without help, or nothing had to. */
  readonly putBackDelayed?: { readonly at: Instant; readonly reason: string };
  /** Whose version answers in its place since then; null, or left out, while this one does. */
  readonly replaced?: {
    readonly by: RunId;
    readonly version: number;
    readonly at: Instant;
    /** Who rolled it back and why; left out when a newer version was approved in its place. */
    readonly rollback?: { readonly by: Actor; readonly reason: string | null };
  } | null;
  /** Versions that took its place, did not work and were put back, oldest first; left out: none. */
  readonly refuted?: readonly { readonly by: RunId; readonly version: number }[];
  /** The endpoint was removed while this version was live; left out: it was not. */
  readonly retired?: Retirement;
  /** Who took off the mark that this deployment left on a version; left out while it stands. */
  readonly lifted?: Lift;
}

/** Who took a model out of production, and why; its versions stay. */
export interface Retirement {
  /** The run that removed the endpoint. */
  readonly runId: RunId;
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
}

/** A person's word that a version is not at fault. */
export interface Lift {
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
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

export function isSameActor(a: Actor, b: Actor): boolean {
  if (a.kind === 'person' && b.kind === 'person') return a.id === b.id;
  return a.kind === b.kind && a.name === b.name;
}
