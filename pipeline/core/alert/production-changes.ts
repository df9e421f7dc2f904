import type { DataChange } from '../data-contract/data-changes.ts';
import type { Actor, Instant, RunId } from '../run.ts';

/** Something that changed about a model in production, or about what it was measured on. */
export type Change =
  | {
      readonly kind: 'deployment';
      readonly at: Instant;
      readonly runId: RunId;
      /** The version that went live, and the one it replaced; null when nothing was live. */
      readonly version: number;
      readonly from: number | null;
      /**
       * `by_policy`: approved without people. `put_back`: it came back because the version that had
       * taken its place did not work.
       */
      readonly how: 'approved' | 'by_policy' | 'rolled_back' | 'put_back';
      /** Who approved it or rolled back; null when no one did. */
      readonly by: Actor | null;
      /** Why, as they said; untrusted text. */
      readonly reason: string | null;
    }
  | {
      readonly kind: 'dataset';
      /** When the run began that measured production on its rows. */
      readonly at: Instant;
      readonly runId: RunId;
      /** Untrusted text. */
      readonly fileName: string;
      readonly version: string;
      /** How it differs from the data of production, labels first; empty when no difference is known. */
      readonly differences: readonly DataChange[];
    }
  | {
      readonly kind: 'traffic';
      /** The look after which more requests came. */
      readonly at: Instant;
      /** Requests a minute. */
      readonly before: number;
      readonly now: number;
    };

export type DeploymentChange = Extract<Change, { kind: 'deployment' }>;

/** A change that came before an alert; that it caused the alert is likely at best. */
export interface PrecedingChange {
  readonly change: Change;
  /** From the change to the first breach. */
  readonly seconds: number;
  /** Looks within the limit between the two: the more, the less likely is the change the cause. */
  readonly goodLooks: number;
}

/** Something people did to production while an alert was open. */
export type AlertAction =
  | DeploymentChange
  | {
      readonly kind: 'retirement';
      readonly at: Instant;
      readonly runId: RunId;
      readonly by: Actor;
      /** Why, as they said; untrusted text. */
      readonly reason: string | null;
    };
