import { type Refusal, refuseDecision } from './approval.ts';
import type { Instant, Person, Run } from './run.ts';

/** Reminders of people's own that one request keeps; each is a message. */
export const MOST_SNOOZES = 50;

/** Why a person is not reminded later. */
export type SnoozeRefusal =
  /** The person's own decision would not count. */
  | { readonly kind: 'cannot_decide'; readonly refusal: Refusal }
  | { readonly kind: 'expires_before'; readonly expiresAt: Instant }
  | { readonly kind: 'too_often' };

/** Whether a person may be reminded at `until`; null means yes. `memberOf` as in {@link refuseDecision}. */
export function refuseSnooze(
  run: Run,
  snooze: { by: Person; memberOf: readonly string[]; until: Instant; now: Date },
): SnoozeRefusal | null {
  const { by, memberOf, until, now } = snooze;
  const digest = run.approval?.digest ?? '';
  const refusal = refuseDecision(run, { by, memberOf, digest, now });
  if (refusal !== null) return { kind: 'cannot_decide', refusal };
  const expiresAt = run.approval?.expiresAt ?? null;
  if (expiresAt !== null && until >= expiresAt) return { kind: 'expires_before', expiresAt };
  const snoozes = run.approval?.snoozes ?? [];
  const isAnother = snoozes.some((each) => each.by.id === by.id && each.remindedAt === null);
  return snoozes.length >= MOST_SNOOZES && !isAnother ? { kind: 'too_often' } : null;
}

/** When somebody is to be reminded next; null when nobody is. */
export function nextSnooze(run: Run): Instant | null {
  const pending = (run.approval?.snoozes ?? []).filter(({ remindedAt }) => remindedAt === null);
  return pending.map(({ until }) => until).sort()[0] ?? null;
}
