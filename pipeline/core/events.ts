import type { AlertEvent } from './alert/alert-events.ts';
import type { Errors } from './alert/error-rates.ts';
import type { DataChanges } from './data-contract/data-changes.ts';
import type { Appending } from './dataset.ts';
import type { Failure } from './errors.ts';
import type { GatePower } from './gate/power.ts';
import type { Verdict } from './gate/verdict.ts';
import type { Evaluation, PrepareReport, TrainingMetrics } from './python-contract.ts';
import type {
  Actor,
  Approval,
  Continuation,
  Dataset,
  Decision,
  Deployment,
  Instant,
  JobUsage,
  ModelArtifact,
  NewRows,
  Outcome,
  Person,
  RunId,
  RunKind,
  StageName,
} from './run.ts';
import type { RunSettings } from './settings-record.ts';

/** What each domain event says beyond its type, run and time. */
export interface EventDetails {
  RunStarted: {
    kind: RunKind;
    model: string;
    requestedBy: Actor;
    reason: string | null;
    /** Left out when none was named. */
    commit?: string;
    recipe: string;
    hyperparameters: Readonly<Record<string, string | number | boolean>>;
    /** Left out: what was typed for production applies too. */
    inherits?: false;
    dataset: Dataset | null;
    /** The file is appended to the data of production; left out: it is all there is. */
    appends?: true;
    version: number | null;
    /** Left out: as the configuration says. */
    spot?: boolean | null;
    /** A person asked to train although the data differs from that of production. */
    acceptsData?: true;
    /** Of a promotion: the version it would replace. */
    against?: number | null;
  };
  StageStarted: { stage: StageName };
  SettingsResolved: { settings: RunSettings };
  /** `dataset`: with all files of it. */
  DatasetAppended: { dataset: Dataset; appending: Appending };
  /** `power`: left out where nothing is in production; `changes`: where the data is like its. */
  DatasetPrepared: { report: PrepareReport; power?: GatePower; changes?: DataChanges };
  /** `code`: left out in events from before it was kept. */
  TrainingStarted: { jobName: string; spot: boolean; instanceType: string; code?: string };
  /** A Spot job has waited long for its first machine. */
  CapacityDelayed: { jobName: string; since: Instant };
  /** A job waits because the account may not run more of its machines now; null: not any more. */
  JobQueued: { jobName: string; reason: string | null };
  OnDemandRequested: { by: Actor };
  TrainingProgressed: {
    jobName: string;
    step: number;
    total: number;
    loss: number | null;
    samplesPerSecond: number | null;
  };
  TrainingInterrupted: { jobName: string; atStep: number; count: number };
  TrainingResumed: { jobName: string; fromStep: number; count: number };
  /** However it ended; its cost is known from now on. */
  JobEnded: { usage: JobUsage };
  TrainingCompleted: {
    metrics: TrainingMetrics;
    artifact: ModelArtifact;
    runningSeconds: number;
    waitingSeconds: number;
  };
  EvaluationCompleted: {
    evaluation: Evaluation;
    against: number | null;
    /** The best version so far, where that is not production; left out before it was asked. */
    anchor?: number | null;
    /** Left out where nothing was in production, and in events from before it was counted. */
    newRows?: NewRows;
    /** Its inputs can be watched for drift; left out where they cannot. */
    hasReference?: true;
    runningSeconds: number;
    waitingSeconds: number;
  };
  GateDecided: { verdict: Verdict };
  VersionRegistered: { version: number };
  ApprovalRequested: Pick<
    Approval,
    'approvers' | 'quorum' | 'selfApproval' | 'digest' | 'expiresAt' | 'reasonRequired'
  > & { needed: boolean; notify?: readonly string[] };
  /** By itself, once. */
  ApprovalReminded: Record<never, never>;
  /** A person had the approvers reminded. */
  ReminderRequested: { by: Actor };
  ApprovalHandedOver: { by: Actor; to: Person };
  /** A person who can decide asked to be reminded. */
  ApprovalSnoozed: { by: Person; until: Instant };
  /** The times at which people asked to be reminded have come. */
  SnoozesEnded: Record<never, never>;
  DecisionRecorded: { decision: Decision; digest: string };
  ApprovalExpired: Record<never, never>;
  /** Another version went live, or came back, while the request was open. */
  ProductionChanged: { live: number | null; isProven: boolean };
  DeploymentQueued: { behind: RunId };
  DeploymentStarted: {
    from: number | null;
    fromConfigName: string | null;
    to: number;
    endpointName: string;
    configName: string;
    /** Left out in events from before it was kept. */
    before?: Errors | null;
    waitedSeconds: number;
  };
  VersionDeployed: {
    url: string;
    example: Deployment['example'];
    verifiedRows: number;
    startSeconds: number;
    watchUntil: Instant;
  };
  WatchCompleted: { waitingSeconds: number };
  /** The previous state could not be put back yet; it is tried on, and people should look. */
  PutBackDelayed: { reason: string };
  DeploymentReverted: { reason: string };
  /** Another run put its version live in place of this one's. */
  DeploymentReplaced: {
    by: RunId;
    version: number;
    /** Left out when it was no rollback, and in events from before it was kept. */
    rollback?: { by: Actor; reason: string | null };
  };
  /** That run's deployment was reverted: this run's version is live again. */
  DeploymentRestored: {
    by: RunId;
    /** Version of that run, where production showed that it does not work. */
    refuted?: number;
  };
  /** The run `by` removed the endpoint on which this run's version was live. */
  DeploymentRetired: { by: RunId; person: Actor; reason: string };
  /** A person took off the mark that this run left on a version. */
  MarkLifted: { by: Actor; reason: string };
  StopRequested: { by: Actor };
  /** Its execution handed over to a new one, which goes on in that stage. */
  RunContinued: Continuation;
  RunEnded: { outcome: Outcome; failure: Failure | null };
}

export type EventType = keyof EventDetails;

/** Something that happened to a run; a hint for listeners, the run record is the truth. */
export type RunEvent = {
  [T in EventType]: { readonly type: T; readonly runId: RunId; readonly at: Instant } & Readonly<
    EventDetails[T]
  >;
}[EventType];

/** A run event before `record` sets its time. */
export type UntimedEvent = {
  [T in EventType]: { readonly type: T; readonly runId: RunId } & Readonly<EventDetails[T]>;
}[EventType];

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>;

/** Everything the pipeline publishes: what happened to a run, or to an alert. */
export type DomainEvent = RunEvent | AlertEvent;

export function isRunEvent(event: DomainEvent): event is RunEvent {
  return 'runId' in event;
}
