import { createHash } from 'node:crypto';
import { WebAPIRateLimitedError } from '@slack/web-api';
import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Run } from '../../pipeline/core/run.ts';
import type { RenderedChart } from '../charts/evaluation-chart.ts';
import { card } from '../messages/card.ts';
import { type Message, type ModelFacts, modelFacts } from '../messages/message.ts';
import { type ThreadEntry, thread } from '../messages/thread.ts';
import {
  AnnouncedElsewhere,
  type Ledger,
  type LedgerOptions,
  openLedger,
  withEntry,
} from './ledger.ts';
import type { Mark, Poster } from './poster.ts';
import { slackProblem } from './slack-problem.ts';

export interface AnnounceRunOptions extends LedgerOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly poster: Poster;
  readonly drawChart: (run: Run, facts: ModelFacts) => Promise<RenderedChart>;
  readonly log: (line: string) => void;
}

/**
 * Brings Slack in line with the record of a run: one root message that says what `card` says, and
 * the entries of `thread`, each once and in order. Safe to repeat, and safe to run twice at once.
 */
export function createAnnounceRun(options: AnnounceRunOptions) {
  const { config, pipeline, poster, log } = options;

  /** `force`: keys of messages (`root`, entries) to edit even when they should be right already. */
  return async function announceRun(
    run: Run,
    force: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    const ledger = await openLedger(run.id, options);
    // An older record than Slack has been told: somebody faster was here.
    if (ledger.now.runRevision > run.revision) return;
    const facts = modelFacts(config, pipeline, run.model);
    if (ledger.now.rootTs === null) await postRoot(ledger, run, facts);
    await editRoot(ledger, run, facts, force);
    for (const entry of thread(run, facts)) await tellEntry(ledger, run, entry, facts, force);
    if (ledger.now.runRevision < run.revision) await ledger.change({ runRevision: run.revision });
  };

  async function postRoot(ledger: Ledger, run: Run, facts: ModelFacts): Promise<void> {
    // Posting notifies whom it mentions, editing does not: the thread mentions approvers, once.
    const message = card(run, facts, { quiet: true });
    const place = { channel: ledger.now.channel ?? config.channel, threadTs: null };
    await ledger.postOnce({
      key: 'root',
      find: (since) => poster.find(place, rootMark(run), since),
      post: () => poster.post(place, message, rootMark(run)),
      keep: ({ channel, ts }) => ({
        channel,
        rootTs: ts,
        rootDigest: digestOf(message),
        entries: {},
      }),
    });
  }

  async function editRoot(ledger: Ledger, run: Run, facts: ModelFacts, force: ReadonlySet<string>) {
    const message = card(run, facts);
    const digest = digestOf(message);
    const { channel, rootTs, rootDigest } = ledger.now;
    if (channel === null || rootTs === null || (rootDigest === digest && !force.has('root')))
      return;
    const isThere = await edit({ channel, ts: rootTs }, message, rootMark(run));
    if (isThere) return ledger.change({ rootDigest: digest, runRevision: run.revision }, 'root');
    // Somebody deleted it, and with it the thread: tell everything anew.
    await ledger.change({ rootTs: null, rootDigest: null, entries: {} });
    await postRoot(ledger, run, facts);
    await editRoot(ledger, run, facts, new Set());
  }

  async function tellEntry(
    ledger: Ledger,
    run: Run,
    entry: ThreadEntry,
    facts: ModelFacts,
    force: ReadonlySet<string>,
  ): Promise<void> {
    const { channel, rootTs, entries } = ledger.now;
    if (channel === null || rootTs === null) return;
    const digest = digestOf({ text: entry.text, blocks: entry.blocks });
    const posted = entries[entry.key];
    if (posted !== undefined && (posted.digest !== digest || force.has(entry.key))) {
      const isThere = await edit({ channel, ts: posted.ts }, entry, entryMark(run, entry.key));
      // An entry somebody deleted stays deleted.
      const told = { ts: isThere ? posted.ts : DELETED, digest };
      await ledger.change(withEntry(ledger.now, entry.key, told), entry.key);
    }
    if (posted === undefined) {
      const place = { channel, threadTs: rootTs };
      const mark = entryMark(run, entry.key);
      await ledger.postOnce({
        key: entry.key,
        find: (since) => poster.find(place, mark, since),
        post: () => poster.post(place, entry, mark),
        keep: ({ ts }) => withEntry(ledger.now, entry.key, { ts, digest }),
      });
    }
    if (entry.chart !== undefined) await tellChart(ledger, run, entry.key, facts);
  }

  async function tellChart(ledger: Ledger, run: Run, entryKey: string, facts: ModelFacts) {
    const { channel, rootTs, entries } = ledger.now;
    const key = `${entryKey}:chart`;
    if (channel === null || rootTs === null || entries[key] !== undefined) return;
    const place = { channel, threadTs: rootTs };
    const name = `evaluation-${run.id}.png`;
    try {
      const chart = await options.drawChart(run, facts);
      await ledger.postOnce({
        key,
        find: () => poster.findFile(place, name),
        post: () =>
          poster.uploadPng(place, {
            name,
            title: chart.title,
            altText: chart.altText,
            png: chart.png,
          }),
        keep: ({ ts }) => withEntry(ledger.now, key, { ts, digest: 'uploaded' }),
      });
    } catch (error) {
      if (error instanceof AnnouncedElsewhere || error instanceof WebAPIRateLimitedError)
        throw error;
      // The thread goes on without its picture; the table above has the same figures.
      log(`The chart of run ${run.id} was left out: ${String(error)}`);
      const leftOut = { ts: DELETED, digest: 'left out' };
      await ledger.change({ ...withEntry(ledger.now, key, leftOut), claim: null });
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

function rootMark(run: Run): Mark {
  return { event_type: 'mlops_run', event_payload: { run_id: run.id } };
}

function entryMark(run: Run, key: string): Mark {
  return { event_type: 'mlops_run_entry', event_payload: { run_id: run.id, key } };
}

export function digestOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 24);
}
