import type { Clock } from '../../pipeline/core/ports.ts';
import { slackProblem } from '../web-api/slack-problem.ts';
import {
  type Announcement,
  type AnnouncementStore,
  nothingAnnounced,
  type PostedMessage,
} from './announcement-store.ts';

/** Another process announces the same run: start again from what is there, after a while. */
export class AnnouncedElsewhere extends Error {
  readonly milliseconds: number;
  /** The message this process edited meanwhile: whose edit came last is unknown, so edit again. */
  readonly editedKey: string | null;

  constructor(milliseconds: number, editedKey: string | null = null) {
    super('Another process announces the same run.');
    this.name = 'AnnouncedElsewhere';
    this.milliseconds = milliseconds;
    this.editedKey = editedKey;
  }
}

export interface LedgerOptions {
  readonly store: AnnouncementStore;
  readonly clock: Clock;
  /** Names this process in its claims. */
  readonly owner: string;
  /** How long another process may take to post before it counts as dead, in seconds. */
  readonly claimSeconds: number;
}

/** One announcement while it is worked on: every change is written before the next step. */
export interface Ledger {
  readonly now: Announcement;
  /** `editedKey`: the message that was edited in Slack just before. */
  change(update: Partial<Announcement>, editedKey?: string): Promise<void>;
  /**
   * Posts once, whatever happens: claims first, and a claim that is found is looked up in Slack
   * before anything is posted. `keep` turns what was posted into a change of the announcement.
   */
  postOnce<T>(work: {
    key: string;
    find: (since: Date) => Promise<T | null>;
    post: () => Promise<T>;
    keep: (posted: T) => Partial<Announcement>;
  }): Promise<void>;
}

export async function openLedger(id: string, options: LedgerOptions): Promise<Ledger> {
  const { store, clock, owner, claimSeconds } = options;
  const stored = await store.get(id);
  let now = stored?.announcement ?? nothingAnnounced;
  let revision = stored?.revision ?? 0;

  async function change(update: Partial<Announcement>, editedKey?: string): Promise<void> {
    const next = { ...now, ...update };
    if (!(await store.put(id, next, revision))) throw new AnnouncedElsewhere(0, editedKey);
    now = next;
    revision += 1;
  }

  return {
    get now() {
      return now;
    },
    change,
    async postOnce({ key, find, post, keep }) {
      const { claim } = now;
      if (claim !== null) {
        // No longer than a claim may last, also when the clock was set back since.
        const age = Math.max(0, clock.now().getTime() - Date.parse(claim.at));
        const left = claimSeconds * 1000 - age;
        if (claim.owner !== owner && left > 0) throw new AnnouncedElsewhere(left);
      }
      if (claim?.key === key) {
        // Clocks differ between machines; a minute covers it.
        const found = await find(new Date(Date.parse(claim.at) - 60_000));
        if (found !== null) return change({ ...keep(found), claim: null });
      }
      await change({ claim: { key, owner, at: clock.now().toISOString() } });
      let posted: Awaited<ReturnType<typeof post>>;
      try {
        posted = await post();
      } catch (error) {
        if (!mayHaveHappened(error)) await change({ claim: null });
        throw error;
      }
      await change({ ...keep(posted), claim: null });
    },
  };
}

/** The entries with one more. */
export function withEntry(
  now: Announcement,
  key: string,
  posted: PostedMessage,
): Pick<Announcement, 'entries'> {
  return { entries: { ...now.entries, [key]: posted } };
}

/** Anything but a clear answer from Slack leaves open whether the message was posted. */
function mayHaveHappened(error: unknown): boolean {
  const kind = slackProblem(error)?.kind;
  return kind === undefined || kind === 'unknown';
}
