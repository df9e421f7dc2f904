import { type Approval, hasEnded, type Instant, type Run } from './run.ts';

/** Milliseconds between two messages that mention the approvers, the request among them. */
const REMINDER_PAUSE = 3_600_000;

/** Why the approvers are not reminded now; `from` is when they can be. */
export type ReminderRefusal =
  | { readonly kind: 'not_waiting' }
  | { readonly kind: 'too_soon'; readonly from: Instant };

/** Whether the approvers may be reminded at `now`; null means yes. */
export function refuseReminder(run: Run, now: Date): ReminderRefusal | null {
  const { approval } = run;
  if (approval === null || approval.outcome !== null || hasEnded(run) || run.stopRequestedBy)
    return { kind: 'not_waiting' };
  const isExpired = approval.expiresAt !== null && now >= new Date(approval.expiresAt);
  if (isExpired || approval.outdated != null) return { kind: 'not_waiting' };
  const from = new Date(lastMentioned(approval) + REMINDER_PAUSE);
  return now < from ? { kind: 'too_soon', from: from.toISOString() } : null;
}

function lastMentioned({ requestedAt, remindedAt, reminder }: Approval): number {
  const times = [requestedAt, remindedAt, reminder?.at].flatMap((at) => (at ? [at] : []));
  return Math.max(...times.map((at) => new Date(at).getTime()));
}
