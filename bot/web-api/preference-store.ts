/** How a person wants to hear of what asks for them; the mention in the thread is always there. */
export interface Preference {
  /** `direct`: by a direct message as well. */
  readonly notify: 'direct' | 'thread';
  /** The conversation of the bot with them, as Slack returned it; null before the first message. */
  readonly channel: string | null;
}

/** What people chose for themselves, by their Slack id (DynamoDB | SQLite). */
export interface PreferenceStore {
  get(userId: string): Promise<{ preference: Preference; revision: number } | null>;
  /**
   * Writes revision `expectedRevision + 1`, only over `expectedRevision` (0: there is none yet).
   * False, and nothing changed, when another writer was first.
   */
  put(userId: string, preference: Preference, expectedRevision: number): Promise<boolean>;
}
