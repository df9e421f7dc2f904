import type { Actor, Person } from './actor.ts';
import type { AuditSource } from './audit-source.ts';
import type { Instant } from './instant.ts';

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

/** A person's own reminder; `remindedAt` is set once it was due. */
export interface Snooze {
  readonly by: Person;
  readonly until: Instant;
  readonly remindedAt: Instant | null;
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
  /** Who asked to be reminded of it, in that order; left out: no one. */
  readonly snoozes?: readonly Snooze[];
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
