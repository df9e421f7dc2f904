import type { Refusal } from './approval.ts';
import type { AuditSource } from './audit-source.ts';
import type { HandOverRefusal } from './handing-over.ts';
import type { ReminderRefusal } from './reminding.ts';
import type { Actor, Decision, Instant, Person, Run, RunId } from './run.ts';
import type { SnoozeRefusal } from './snoozing.ts';

export type DecisionResult =
  | { readonly status: 'counted'; readonly run: Run }
  | { readonly status: 'refused'; readonly refusal: Refusal };

export type RemindResult =
  | { readonly status: 'reminded'; readonly run: Run }
  | { readonly status: 'refused'; readonly run: Run; readonly refusal: ReminderRefusal };

export type HandOverResult =
  | { readonly status: 'handed_over'; readonly run: Run }
  | { readonly status: 'refused'; readonly run: Run; readonly refusal: HandOverRefusal };

export type SnoozeResult =
  | { readonly status: 'snoozed'; readonly run: Run }
  | { readonly status: 'refused'; readonly run: Run; readonly refusal: SnoozeRefusal };

/** What people may do about an open request; a part of {@link Pipeline}. */
export interface ApprovalCommands {
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
  /**
   * Reminds one person who can decide on an open request at `until`; a later call moves it.
   * `memberOf`: that person's own Slack id and those of their user groups.
   * @throws {MlopsError} `RUN_UNKNOWN`.
   */
  snooze(request: {
    readonly runId: RunId;
    readonly by: Person;
    readonly memberOf: readonly string[];
    readonly until: Instant;
  }): Promise<SnoozeResult>;
}
