import type { EventOf } from '../events.ts';
import { refuseToAsk } from '../handing-over.ts';
import { refuseReminder } from '../reminding.ts';
import {
  type Approval,
  type Decision,
  isSameActor,
  type Run,
  type Snooze,
  stageOf,
} from '../run.ts';
import { MOST_SNOOZES } from '../snoozing.ts';
import { moveStage } from './stages.ts';

export function requestApproval(run: Run, event: EventOf<'ApprovalRequested'>): Run {
  if (stageOf(run, 'approve')?.status !== 'running' || run.approval !== null) return run;
  const approval: Approval = {
    requestedAt: event.at,
    expiresAt: event.expiresAt,
    remindedAt: null,
    approvers: event.approvers,
    notify: event.notify ?? event.approvers,
    quorum: event.quorum,
    selfApproval: event.selfApproval,
    ...(event.reasonRequired === true ? { reasonRequired: true } : {}),
    digest: event.digest,
    decisions: [],
    outcome: event.needed ? null : 'not_needed',
    endedAt: event.needed ? null : event.at,
  };
  const next = { ...run, approval };
  return event.needed ? next : moveStage(next, 'approve', 'succeeded', event.at);
}

/** A reminder that a person asked for, unless the approvers have just been asked. */
export function remindApprovers(run: Run, { by, at }: EventOf<'ReminderRequested'>): Run {
  const { approval } = run;
  if (approval === null || refuseReminder(run, new Date(at)) !== null) return run;
  const count = (approval.reminder?.count ?? 0) + 1;
  return { ...run, approval: { ...approval, reminder: { by, at, count } } };
}

/** Adds a person who was asked to decide, once. */
export function handOver(run: Run, { by, to, at }: EventOf<'ApprovalHandedOver'>): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null || approval.outdated != null) return run;
  if (refuseToAsk(run, to) !== null) return run;
  const handedOver = [...(approval.handedOver ?? []), { by, to, at }];
  return { ...run, approval: { ...approval, handedOver } };
}

/** Keeps when a person wants to be reminded; a later time takes the place of an earlier one. */
export function snooze(run: Run, { by, until }: EventOf<'ApprovalSnoozed'>): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null) return run;
  const snoozes = approval.snoozes ?? [];
  const isPending = (each: Snooze) => each.by.id === by.id && each.remindedAt === null;
  const pending = snoozes.find(isPending);
  if (pending?.until === until) return run;
  if (pending === undefined && snoozes.length >= MOST_SNOOZES) return run;
  const next =
    pending === undefined
      ? [...snoozes, { by, until, remindedAt: null }]
      : snoozes.map((each) => (isPending(each) ? { ...each, by, until } : each));
  return { ...run, approval: { ...approval, snoozes: next } };
}

/** Reminds everybody whose time has come. */
export function endSnoozes(run: Run, { at }: EventOf<'SnoozesEnded'>): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null) return run;
  const isDue = ({ until, remindedAt }: Snooze) => remindedAt === null && until <= at;
  const snoozes = approval.snoozes ?? [];
  if (!snoozes.some(isDue)) return run;
  const next = snoozes.map((each) => (isDue(each) ? { ...each, remindedAt: at } : each));
  return { ...run, approval: { ...approval, snoozes: next } };
}

/** Counts a decision; one rejection rejects, `quorum` approvals approve. */
export function decide(run: Run, decision: Decision, digest: string): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null || digest !== approval.digest) return run;
  if (approval.outdated != null) return run;
  if (approval.expiresAt !== null && decision.at >= approval.expiresAt) return run;
  if (approval.decisions.some((earlier) => isSameActor(earlier.by, decision.by))) return run;
  const decisions = [...approval.decisions, decision];
  const decided = { ...run, approval: { ...approval, decisions } };
  if (decision.outcome === 'rejected') return endApproval(decided, 'rejected', decision.at);
  const approvals = decisions.filter((each) => each.outcome === 'approved').length;
  return approvals >= approval.quorum ? endApproval(decided, 'approved', decision.at) : decided;
}

export function endApproval(
  run: Run,
  outcome: 'approved' | 'rejected' | 'expired',
  at: string,
): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null) return run;
  const ended = { ...run, approval: { ...approval, outcome, endedAt: at } };
  return moveStage(ended, 'approve', outcome === 'approved' ? 'succeeded' : 'failed', at);
}

/** What the request compares with is live again, or no longer. */
export function changeProduction(
  run: Run,
  { live, isProven, at }: EventOf<'ProductionChanged'>,
): Run {
  const { approval, evaluatedAgainst } = run;
  if (approval === null || approval.outcome !== null) return run;
  const before = approval.outdated ?? null;
  if (live === evaluatedAgainst) {
    return before === null ? run : { ...run, approval: { ...approval, outdated: null } };
  }
  if (before !== null && before.live === live && before.isProven === isProven) return run;
  return { ...run, approval: { ...approval, outdated: { live, isProven, at } } };
}
