import type { Instant } from '../../pipeline/core/run.ts';

/** One posted message: where it is and a digest of what it says. */
export interface PostedMessage {
  readonly ts: string;
  readonly digest: string;
  /** Left out: the channel of the announcement. */
  readonly channel?: string;
}

/** A message somebody is about to post. Found again after a crash, it may have been posted or not. */
export interface Claim {
  readonly key: string;
  readonly owner: string;
  readonly at: Instant;
}

/** What Slack has been told about a run (or an alert, or a notice): the only memory the announcer has. */
export interface Announcement {
  /** Channel id as Slack returned it; null before the first post. */
  readonly channel: string | null;
  readonly rootTs: string | null;
  readonly rootDigest: string | null;
  /** Revision of the record that was told last. */
  readonly runRevision: number;
  /** Thread messages by the key of their entry. */
  readonly entries: Readonly<Record<string, PostedMessage>>;
  readonly claim: Claim | null;
}

export const nothingAnnounced: Announcement = {
  channel: null,
  rootTs: null,
  rootDigest: null,
  runRevision: 0,
  entries: {},
  claim: null,
};

/** Where announcements are kept (DynamoDB | SQLite). */
export interface AnnouncementStore {
  get(id: string): Promise<{ announcement: Announcement; revision: number } | null>;
  /**
   * Writes revision `expectedRevision + 1`, only over `expectedRevision` (0: there is none yet).
   * False, and nothing changed, when another writer was first.
   */
  put(id: string, announcement: Announcement, expectedRevision: number): Promise<boolean>;
}
