import type { Alert, AlertId, AlertKind, Mute } from './alert/alert.ts';
import type { ApprovalCommands } from './approval-commands.ts';
import type { GatePolicy } from './config.ts';
import type { Correction, Corrections, ModelInput, Prediction } from './corrections.ts';
import type { EvidenceQueries } from './evidence/evidence-queries.ts';
import type { TypedSettings } from './gate/gate-settings.ts';
import type { Verdict } from './gate/verdict.ts';
import type { ModelStanding, ModelStatus } from './model-standing.ts';
import type {
  AlertQuery,
  AuditLog,
  JobSpec,
  RegisteredVersion,
  RunQuery,
  VersionQuery,
} from './ports.ts';
import type { Recipe } from './python-contract.ts';
import type { VersionMark } from './rollback/version-mark.ts';
import type { Actor, Instant, Person, Run, RunId } from './run.ts';
import type { StartedRun, StartRun } from './start-run.ts';

export type { ModelStanding, ModelStatus } from './model-standing.ts';
export type { StartedRun, StartRun } from './start-run.ts';

export type StopResult =
  | { readonly status: 'stopping'; readonly run: Run }
  | { readonly status: 'already_ended'; readonly run: Run }
  /** The endpoint is being changed; it can only be rolled back. */
  | { readonly status: 'too_late'; readonly run: Run };

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
export interface Pipeline extends ApprovalCommands, EvidenceQueries {
  /** @throws {MlopsError} `MODEL_UNKNOWN`, `HYPERPARAMETER_INVALID`, `DATASET_UNKNOWN`, `VERSION_UNKNOWN`, `NOTHING_TO_ROLL_BACK`, `CONFLICT`. */
  startRun(request: StartRun): Promise<StartedRun>;
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
   * Ends an open `input_drift` alert: what the version was asked since the first breach is normal, and
   * is what later looks compare with. Changes nothing when it is not open.
   * @throws {MlopsError} `ALERT_UNKNOWN`.
   */
  acceptInputs(request: { readonly alertId: AlertId; readonly by: Actor }): Promise<Alert>;
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
