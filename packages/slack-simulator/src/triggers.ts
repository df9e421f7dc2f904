import { randomBytes } from 'node:crypto';

/** A trigger opens one modal within this time, in milliseconds. */
const LIFETIME_MS = 3_000;

export interface Trigger {
  readonly userId: string;
  /** The modal in which the interaction happened: `views.push` stacks on it. */
  readonly viewId: string | null;
}

export type TriggerUse =
  | { readonly ok: true; readonly trigger: Trigger }
  | { readonly ok: false; readonly error: string };

export interface Triggers {
  /** A new single-use `trigger_id`. */
  mint(userId: string, viewId?: string): string;
  use(id: string): TriggerUse;
}

/** Trigger ids live in memory: three seconds are less than a restart takes. */
export function createTriggers(now: () => number): Triggers {
  const minted = new Map<string, Trigger & { readonly expires: number; isUsed: boolean }>();
  return {
    mint(userId, viewId) {
      for (const [id, { expires }] of minted) if (expires + 60_000 < now()) minted.delete(id);
      const id = `${now()}.${randomBytes(4).readUInt32BE()}.${randomBytes(8).toString('hex')}`;
      minted.set(id, {
        userId,
        viewId: viewId ?? null,
        expires: now() + LIFETIME_MS,
        isUsed: false,
      });
      return id;
    },
    use(id) {
      const found = minted.get(id);
      if (!found) return { ok: false, error: 'invalid_trigger_id' };
      if (found.isUsed) return { ok: false, error: 'exchanged_trigger_id' };
      if (found.expires <= now()) return { ok: false, error: 'expired_trigger_id' };
      found.isUsed = true;
      return { ok: true, trigger: { userId: found.userId, viewId: found.viewId } };
    },
  };
}
