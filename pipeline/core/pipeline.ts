import type { Alert, AlertId, AlertKind, Mute } from './alert/alert.ts';
import type { Refusal } from './approval.ts';
import type { AuditSource } from './audit-source.ts';
import type { GatePolicy, ModelConfig } from './config.ts';
import type { Correction, Corrections, ModelInput, Prediction } from './corrections.ts';
import type { TypedSettings } from './gate/gate-settings.ts';
import type { Verdict } from './gate/verdict.ts';
import type { HandOverRefusal } from './handing-over.ts';
import type {
  AlertQuery,
  AuditLog,
  EndpointDescription,
  JobSpec,
  RegisteredVersion,
  RunQuery,
  VersionQuery,
} from './ports.ts';
import type { Recipe } from './python-contract.ts';
import type { ReminderRefusal } from './reminding.ts';
import type { VersionMark } from './rollback/version-mark.ts';
import type { Actor, Dataset, Decision, Instant, Person, Retirement, Run, RunId } from './run.ts';

/** What a run is to do. `requestId` makes the command idempotent: once per id and model. */
export type StartRun = {
  readonly requestId: string;
  readonly model: string;
  readonly requestedBy: Actor;
  readonly reason: string | null;
} & (
  | {
      readonly kind: 'retrain';
      /** Null: the newest dataset of the model that is not suspect, see `dataset-standing.ts`. */
      readonly dataset: Dataset | null;
      /** Append it to the data of the version in production. */
      readonly appends?: true;
      /** Overrides as typed; checked against the recipe. */
      readonly hyperparameters: Readonly<Record<string, string>>;
      /** False: exactly these, without those that were typed for the version in production. */
      readonly inherits?: false;
      /** Spot or on-demand capacity; left out or null: as the configuration says. */
      readonly spot?: boolean | null;
      /** Commit of the repository that asks, e.g. from CI; it stands in the record and registry. */
      readonly commit?: string;
      /** A person has seen that the data differs from that of production; counts for people only. */
      readonly acceptsData?: true;
    }
  | { readonly kind: 'promote'; readonly version: number }
  /** Null: the version that was in production before the present one. */
  | { readonly kind: 'rollback'; readonly version: number | null }
  /** Removes the endpoint, as long as it serves this configuration. */
  | { readonly kind: 'retire'; readonly configName: string | null; readonly reason: string }
);

export interface StartedRun {
  readonly run: Run;
  /** False when the request had started this run before. */
  readonly isNew: boolean;
}

export type DecisionResult =
  | { readonly status: 'counted'; readonly run: Run }
  | { readonly status: 'refused'; readonly refusal: Refusal };

export type StopResult =
  | { readonly status: 'stopping'; readonly run: Run }
  | { readonly status: 'already_ended'; readonly run: Run }
  /** The endpoint is being changed; it can only be rolled back. */
  | { readonly status: 'too_late'; readonly run: Run };

export type RemindResult =
  | { readonly status: 'reminded'; readonly run: Run }
  | { readonly status: 'refused'; readonly run: Run; readonly refusal: ReminderRefusal };

export type HandOverResult =
  | { readonly status: 'handed_over'; readonly run: Run }
  | { readonly status: 'refused'; readonly run: Run; readonly refusal: HandOverRefusal };

export interface RateResult {
  readonly status: 'counted' | 'too_early';
  readonly alert: Alert;
}

/** The last lines a job printed, oldest first. */
export interface JobLog {
  readonly job: JobSpec['kind'];
  readonly lines: readonly string[];
}

/** The verdict of a run, and what another policy says of the same stored answers. */
export interface GateReplay {
  readonly run: Run;
  readonly policy: GatePolicy;
  readonly recorded: Verdict;
  readonly replayed: Verdict;
}

/** What is recorded of a model, whether the configuration still has it or not. */
export interface ModelStanding {
  readonly name: string;
  readonly production: {
    readonly version: RegisteredVersion;
    readonly since: Instant;
    /** Run that put it live. */
    readonly runId: RunId;
  } | null;
  readonly endpoint: EndpointDescription | null;
  /** Who retired it, while nothing serves since; else null. */
  readonly retired: Retirement | null;
  /** Version a rollback would bring back; null when there is none. */
  readonly rollbackTo: number | null;
  /** What the rollback that put the production version live took out; null after an approval. */
  readonly rolledBack: VersionMark | null;
  /** Production is from before inputs were counted, so they are not watched; left out otherwise. */
  readonly countsNoInputs?: true;
  readonly activeRuns: readonly Run[];
  /** The newest runs, newest first, at most five; running ones are among them. */
  readonly recentRuns: readonly Run[];
  /** Its open alerts, newest first. */
  readonly alerts: readonly Alert[];
}

/** One model at a glance. */
export interface ModelStatus extends ModelStanding {
  readonly config: ModelConfig;
}

export interface MuteRequest {
  readonly model: string;
  /** Left out: every kind. */
  readonly kind?: AlertKind;
  readonly by: Actor;
  readonly until: Instant;
  readonly reason: string | null;
}

/** A mute in force of one kind of alerts of a model. */
export interface ActiveMute {
  readonly model: string;
  readonly kind: AlertKind;
  readonly mute: Mute;
}

/**
 * What Slack, the command line and CI may ask of the pipeline. Commands are idempotent and throw
 * {@link MlopsError} for what the caller can correct. The caller checks permissions with
 * `access.ts`, except for decisions, which are judged here against the approval itself.
 */
export interface Pipeline {
  /** @throws {MlopsError} `MODEL_UNKNOWN`, `HYPERPARAMETER_INVALID`, `DATASET_UNKNOWN`, `VERSION_UNKNOWN`, `NOTHING_TO_ROLL_BACK`, `CONFLICT`. */
  startRun(request: StartRun): Promise<StartedRun>;
  /** `memberOf`: the person's own Slack id and those of their user groups. */
  decide(request: {
    readonly runId: RunId;
    readonly digest: string;
    readonly by: Actor;
    readonly memberOf: readonly string[];
    readonly outcome: Decision['outcome'];
    readonly reason: string | null;
    /** Left out: Slack. */
    readonly via?: Decision['via'];
    /** For the audit log, which gets an entry of each decision that counts; left out: Slack. */
    readonly from?: AuditSource;
  }): Promise<DecisionResult>;
  /** @throws {MlopsError} `RUN_UNKNOWN`. */
  stopRun(request: { readonly runId: RunId; readonly by: Actor }): Promise<StopResult>;
  /**
   * Trains on an on-demand machine instead of waiting for a Spot one; `too_late` once it has a
   * machine. @throws {MlopsError} `RUN_UNKNOWN`.
   */
  switchToOnDemand(request: {
    readonly runId: RunId;
    readonly by: Actor;
  }): Promise<{ readonly status: 'switching' | 'too_late'; readonly run: Run }>;
  /**
   * Mentions the approvers of an open request once more; refused within an hour of the last time.
   * @throws {MlopsError} `RUN_UNKNOWN`.
   */
  remind(request: { readonly runId: RunId; readonly by: Actor }): Promise<RemindResult>;
  /**
   * Asks one person to decide on an open request, once; everybody else may still decide.
   * `memberOf`: that person's own Slack id and those of their user groups.
   * @throws {MlopsError} `RUN_UNKNOWN`.
   */
  handOver(request: {
    readonly runId: RunId;
    readonly by: Actor;
    readonly to: Person;
    readonly memberOf: readonly string[];
  }): Promise<HandOverResult>;
  getRun(id: RunId): Promise<Run | null>;
  listRuns(query: RunQuery): Promise<readonly Run[]>;
  /** Null when there is none. @throws {MlopsError} `MODEL_UNKNOWN`. */
  getVersion(model: string, version: number): Promise<RegisteredVersion | null>;
  /** Newest first. @throws {MlopsError} `MODEL_UNKNOWN`. */
  listVersions(model: string, query?: VersionQuery): Promise<readonly RegisteredVersion[]>;
  /** @throws {MlopsError} `MODEL_UNKNOWN`. */
  modelStatus(model: string): Promise<ModelStatus>;
  /**
   * The same of a model that may have been taken out of the configuration.
   * @throws {MlopsError} `MODEL_UNKNOWN` when it has no run either.
   */
  modelStanding(model: string): Promise<ModelStanding>;
  fleet(): Promise<readonly ModelStatus[]>;
  /** The recipe of a model: its hyperparameters with types and limits. */
  recipe(model: string): Recipe;
  /**
   * The last lines of a job of the run (default: its newest); null when it has not begun.
   * @throws {MlopsError} `RUN_UNKNOWN`.
   */
  logs(request: {
    readonly runId: RunId;
    readonly lines: number;
    readonly job?: JobSpec['kind'];
  }): Promise<JobLog | null>;
  /**
   * Asks the endpoint of a model. @throws {MlopsError} `MODEL_UNKNOWN`, `CONFLICT` while nothing
   * serves, `VERIFICATION_FAILED` with the endpoint's own words.
   */
  predict(request: { readonly model: string; readonly input: ModelInput }): Promise<Prediction>;
  /** Keeps a corrected row for a later dataset, once per input. @throws {MlopsError} `MODEL_UNKNOWN`. */
  correct(correction: Correction): Promise<{ readonly isNew: boolean; readonly count: number }>;
  /** @throws {MlopsError} `MODEL_UNKNOWN`. */
  corrections(model: string, limit: number): Promise<Corrections>;
  /**
   * Judges the stored answers of a run again: by the present configuration and these settings. Counts
   * no look and changes nothing. @throws {MlopsError} `RUN_UNKNOWN`, `REQUEST_INVALID`,
   * `CONTRACT_BROKEN` when the answers are no longer stored.
   */
  replayGate(request: {
    readonly runId: RunId;
    readonly settings: TypedSettings;
  }): Promise<GateReplay>;
  /**
   * Records who takes care of the alert; the first counts, later ones and ended alerts change
   * nothing. Returns the alert as it is afterwards. @throws {MlopsError} `ALERT_UNKNOWN`.
   */
  acknowledge(request: { readonly alertId: AlertId; readonly by: Actor }): Promise<Alert>;
  /**
   * Records whether a person says that the alert was right: one answer a person, the last one counts.
   * `too_early` while it is open and not acknowledged. @throws {MlopsError} `ALERT_UNKNOWN`.
   */
  rateAlert(request: {
    readonly alertId: AlertId;
    readonly by: Person;
    readonly isRight: boolean;
  }): Promise<RateResult>;
  /**
   * Silences alerts until then: open ones continue without messages, new ones are announced when the
   * mute is over if they are still open. Again with the same end changes nothing.
   * @throws {MlopsError} `MODEL_UNKNOWN`.
   */
  mute(request: MuteRequest): Promise<void>;
  /**
   * Takes the mark “rolled back” off a version, for everyone to see who said so and why; the first
   * person counts. A rollback still does not go there: the version returns by a promotion.
   * @throws {MlopsError} `MODEL_UNKNOWN`, `VERSION_UNKNOWN`, `CONFLICT` when it has none.
   */
  liftMark(request: {
    readonly model: string;
    readonly version: number;
    readonly by: Actor;
    readonly reason: string;
  }): Promise<VersionMark>;
  /** Ends a mute early; without one changes nothing. @throws {MlopsError} `MODEL_UNKNOWN`. */
  unmute(request: Pick<MuteRequest, 'model' | 'kind' | 'by'>): Promise<void>;
  /** The mutes in force, by model and kind. */
  listMutes(): Promise<readonly ActiveMute[]>;
  getAlert(id: AlertId): Promise<Alert | null>;
  /** Alerts that were opened, newest first. */
  listAlerts(query: AlertQuery): Promise<readonly Alert[]>;
  /**
   * Who did what. Each command source writes it, see `withAudit` for all but Slack; only decisions
   * that count are written by `decide`.
   */
  readonly audit: AuditLog;
}
