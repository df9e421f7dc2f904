import type { Message } from '../blocks/message.ts';
import type { PreferenceStore } from '../web-api/preference-store.ts';
import { slackProblem } from '../web-api/slack-problem.ts';
import type { PostedMessage } from './announcement-store.ts';
import { type Ledger, type LedgerOptions, openLedger, withEntry } from './ledger.ts';
import type { Mark, Place, Poster } from './poster.ts';
import { digestOf } from './sync-thread.ts';

/** What one person should see in their conversation with the bot. */
export interface Direct {
  readonly userId: string;
  /** Whether it waits for this person; only then is anything posted. */
  readonly isAsked: boolean;
  /** Also to people who have not chosen; others get it only if they chose direct messages. */
  readonly isByName: boolean;
  readonly message: Message;
  /** Replies below it, by their keys; one that is posted is kept up to date. */
  readonly replies: readonly string[];
  readonly reply: Message;
}

export interface AnnounceDirectOptions extends LedgerOptions {
  readonly poster: Poster;
  readonly preferences: PreferenceStore;
  readonly log: (line: string) => void;
}

/** Stands for a message that was not delivered, or may have been: it is not sent again. */
const NONE: PostedMessage = { ts: '', digest: '' };

/**
 * Sends people what waits for them, each message once, and changes it when that has changed. Nobody's
 * refused message keeps the others from theirs.
 */
export function createAnnounceDirect(options: AnnounceDirectOptions) {
  const { poster, preferences, log } = options;

  return async function announceDirect(
    subject: string,
    payload: Readonly<Record<string, string>>,
    people: readonly Direct[],
  ): Promise<void> {
    const ledger = await openLedger(`direct:${subject}`, options);
    for (const direct of people) {
      const mark = (key: string): Mark => ({
        event_type: 'mlops_direct',
        event_payload: { ...payload, key },
      });
      await tellPerson(ledger, direct, mark);
    }
  };

  async function tellPerson(ledger: Ledger, direct: Direct, mark: (key: string) => Mark) {
    const { userId, isAsked, message, reply } = direct;
    const key = `${userId}:request`;
    const before = ledger.now.entries[key];
    if (before === undefined) {
      const to = isAsked ? await conversationWith(direct) : null;
      if (to !== null) await postFirst(ledger, direct, { to, key, mark });
      return;
    }
    await edit(ledger, key, message, mark(key));
    if (before.ts === '') return;
    const prefix = `${userId}:reply:`;
    const isNew = (each: string) => ledger.now.entries[prefix + each] === undefined;
    for (const each of isAsked ? direct.replies.filter(isNew) : []) {
      const at = { channel: before.channel ?? userId, threadTs: before.ts };
      await post(ledger, { key: prefix + each, place: at, message: reply, mark });
    }
    for (const posted of Object.keys(ledger.now.entries)) {
      if (posted.startsWith(prefix)) await edit(ledger, posted, reply, mark(posted));
    }
  }

  /** Where to write to this person; null when they do not want it. */
  async function conversationWith({ userId, isByName }: Direct): Promise<string | null> {
    const preference = (await preferences.get(userId))?.preference ?? null;
    if (preference === null) return isByName ? userId : null;
    return preference.notify === 'direct' ? (preference.channel ?? userId) : null;
  }

  /** What was said before somebody began to get direct messages is not repeated to them. */
  async function postFirst(
    ledger: Ledger,
    { userId, replies, message }: Direct,
    { to, key, mark }: { to: string; key: string; mark: (key: string) => Mark },
  ): Promise<void> {
    await post(ledger, { key, place: { channel: to, threadTs: null }, message, mark });
    const said = replies.map((each) => [`${userId}:reply:${each}`, NONE] as const);
    if (said.length === 0) return;
    await ledger.change({ entries: { ...ledger.now.entries, ...Object.fromEntries(said) } });
  }

  async function post(
    ledger: Ledger,
    what: { key: string; place: Place; message: Message; mark: (key: string) => Mark },
  ): Promise<void> {
    const { key, place, message, mark } = what;
    const digest = digestOf(message);
    // Slack lists the messages of a conversation by its own id only, not by a person's.
    const isListed = place.channel.startsWith('D');
    try {
      await ledger.postOnce<{ channel: string; ts: string }>({
        key,
        find: async (since) =>
          isListed ? poster.find(place, mark(key), since) : { channel: place.channel, ts: '' },
        post: () => poster.post(place, message, mark(key)),
        keep: ({ channel, ts }) => withEntry(ledger.now, key, { ts, digest, channel }),
      });
    } catch (error) {
      const problem = slackProblem(error);
      if (problem?.kind !== 'refused' && problem?.kind !== 'gone') throw error;
      const code = problem.kind === 'refused' ? problem.code : problem.kind;
      log(`Slack delivered no direct message to ${place.channel} (${code}).`);
      await ledger.change({ ...withEntry(ledger.now, key, NONE), claim: null });
    }
  }

  async function edit(ledger: Ledger, key: string, message: Message, mark: Mark): Promise<void> {
    const posted = ledger.now.entries[key];
    const digest = digestOf(message);
    if (posted?.channel === undefined || posted.ts === '' || posted.digest === digest) return;
    try {
      await poster.update({ channel: posted.channel, ts: posted.ts }, message, mark);
      await ledger.change(withEntry(ledger.now, key, { ...posted, digest }), key);
    } catch (error) {
      const kind = slackProblem(error)?.kind;
      if (kind !== 'gone' && kind !== 'refused') throw error;
      await ledger.change(withEntry(ledger.now, key, NONE), key);
    }
  }
}
