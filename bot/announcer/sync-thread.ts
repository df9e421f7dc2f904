import { createHash } from 'node:crypto';
import { type Message, withoutCharts } from '../blocks/message.ts';
import type { ThreadEntry } from '../blocks/thread-entry.ts';
import { slackProblem } from '../web-api/slack-problem.ts';
import type { Announcement } from './announcement-store.ts';
import { type Ledger, withEntry } from './ledger.ts';
import type { Mark, Poster } from './poster.ts';

/** What Slack should show of one record: a root message, and the entries of its thread in order. */
export interface DesiredThread {
  readonly revision: number;
  readonly root: Message;
  /** The root as it is posted. Posting notifies whom it mentions, editing does not. */
  readonly firstRoot: Message;
  readonly entries: readonly ThreadEntry[];
  readonly rootMark: Mark;
  readonly entryMark: (key: string) => Mark;
  /** Over for so long that a card which is not there (any more) is not posted. */
  readonly isHistory?: boolean;
}

export interface TellOptions {
  /** Where roots are posted: a channel id or `#name`. */
  readonly channel: string;
  readonly poster: Poster;
}

/**
 * Brings Slack in line with what should be told: one root, every entry once and in order. Safe to
 * repeat, and safe to run twice at once.
 */
export function createSyncThread(options: TellOptions) {
  const { poster } = options;

  /** `force`: keys of messages (`root`, entries) to edit even when they should be right already. */
  return async function syncThread(
    ledger: Ledger,
    told: DesiredThread,
    force: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    // An older record than Slack has been told: somebody faster was here.
    if (ledger.now.runRevision > told.revision) return;
    if (ledger.now.rootTs === null) {
      if (told.isHistory === true) return;
      await postRoot(ledger, told);
    }
    await editRoot(ledger, told, force);
    for (const entry of entriesFor(ledger.now, told.entries))
      await tellEntry(ledger, told, entry, force);
    if (ledger.now.runRevision < told.revision) await ledger.change({ runRevision: told.revision });
  };

  async function postRoot(ledger: Ledger, { firstRoot, rootMark }: DesiredThread): Promise<void> {
    const place = { channel: ledger.now.channel ?? options.channel, threadTs: null };
    await ledger.postOnce({
      key: 'root',
      find: (since) => poster.find(place, rootMark, since),
      post: () => poster.post(place, firstRoot, rootMark),
      keep: ({ channel, ts }) => ({
        channel,
        rootTs: ts,
        rootDigest: digestOf(firstRoot),
        entries: {},
      }),
    });
  }

  async function editRoot(ledger: Ledger, told: DesiredThread, force: ReadonlySet<string>) {
    const digest = digestOf(told.root);
    const { channel, rootTs, rootDigest } = ledger.now;
    if (channel === null || rootTs === null || (rootDigest === digest && !force.has('root')))
      return;
    const isThere = await edit({ channel, ts: rootTs }, told.root, told.rootMark);
    if (isThere) return ledger.change({ rootDigest: digest, runRevision: told.revision }, 'root');
    if (told.isHistory === true) return;
    // Somebody deleted it, and with it the thread: tell everything anew.
    await ledger.change({ rootTs: null, rootDigest: null, entries: {} });
    await postRoot(ledger, told);
    await editRoot(ledger, told, new Set());
  }

  async function tellEntry(
    ledger: Ledger,
    told: DesiredThread,
    entry: ThreadEntry,
    force: ReadonlySet<string>,
  ): Promise<void> {
    const { channel, rootTs, entries } = ledger.now;
    if (channel === null || rootTs === null) return;
    const digest = digestOf({ text: entry.text, blocks: entry.blocks });
    const posted = entries[entry.key];
    const mark = told.entryMark(entry.key);
    if (posted !== undefined && (posted.digest !== digest || force.has(entry.key))) {
      const isThere = await edit({ channel, ts: posted.ts }, entry, mark);
      // An entry somebody deleted stays deleted.
      const kept = { ts: isThere ? posted.ts : DELETED, digest };
      await ledger.change(withEntry(ledger.now, entry.key, kept), entry.key);
    }
    if (posted === undefined) {
      const place = { channel, threadTs: rootTs };
      await ledger.postOnce({
        key: entry.key,
        find: (since) => poster.find(place, mark, since),
        post: () => poster.post(place, entry, mark),
        keep: ({ ts }) => withEntry(ledger.now, entry.key, { ts, digest }),
      });
    }
  }

  /** Whether the message was still there to edit. */
  async function edit(at: { channel: string; ts: string }, message: Message, mark: Mark) {
    if (at.ts === DELETED) return false;
    try {
      await poster.update(at, message, mark);
      return true;
    } catch (error) {
      if (slackProblem(error)?.kind === 'gone') return false;
      throw error;
    }
  }
}

/** Stands for the ts of a message that is not there (any more). */
const DELETED = '';

/**
 * Threads that have a chart as a file, which version 0.1 uploaded under these keys (or left out),
 * get no second one.
 */
function entriesFor(
  { entries }: Announcement,
  desired: readonly ThreadEntry[],
): readonly ThreadEntry[] {
  const hasFile = 'verdict:chart' in entries || 'opened:chart' in entries;
  if (!hasFile) return desired;
  return desired.map(withoutCharts).filter(({ blocks }) => blocks.length > 0);
}

export function digestOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 24);
}
