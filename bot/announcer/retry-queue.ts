import { adviceOn, slackProblem } from '../web-api/slack-problem.ts';
import { AnnouncedElsewhere } from './ledger.ts';
import { retryDelay } from './retry-delay.ts';
import { createTurns } from './turns.ts';

/**
 * Tries to tell something as it is now; answers "done", or how long to wait before the next try in
 * milliseconds. `force`: keys of messages to edit even when they should be right already.
 */
export type Pass = (force: ReadonlySet<string>) => Promise<number | 'done'>;

/**
 * Work on Slack that is tried until it is done: one job a key. They take turns, since Slack accepts
 * about one message a second; what waits before its next try is in nobody's way.
 */
export interface RetryQueue {
  /**
   * Begins a job, or lets the one of that key pass once more. True when all is told; false when the
   * jobs were closed before.
   */
  schedule(key: string, pass: Pass, force?: string): Promise<boolean>;
  /** Resolves when no job is left. */
  idle(): Promise<void>;
  /** Ends every job after its call in flight. */
  close(): Promise<void>;
}

export interface RetryQueueOptions {
  /** Milliseconds since any moment, by a clock that is never set forth or back. */
  readonly elapsed: () => number;
  /** Waits; rejects when the signal aborts. Tests own the time with it. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1: spreads retries of several processes. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}

/** First and longest pause after a failure, in seconds. */
const FIRST_RETRY = 1;
const LONGEST_RETRY = 60;

interface Job {
  readonly work: Promise<boolean>;
  wake: () => void;
  woken: Promise<void>;
  /** Something happened since the last pass began. */
  isDirty: boolean;
  readonly force: Set<string>;
  failures: number;
  notBefore: number;
}

export function createRetryQueue({ elapsed, wait, random, log }: RetryQueueOptions): RetryQueue {
  const jobs = new Map<string, Job>();
  const logged = new Set<string>();
  const closing = new AbortController();
  const turns = createTurns();
  let channelOpensAt = Number.NEGATIVE_INFINITY;

  async function run(key: string, pass: Pass): Promise<boolean> {
    const job = jobs.get(key);
    let isDone = false;
    while (job !== undefined && !isDone && !closing.signal.aborted) {
      const left =
        pauseOf(job) || (await turns.take(job.force.size > 0, () => tryNow(job, key, pass)));
      if (left !== 'done') await pauseFor(job, left);
      isDone = left === 'done' && !job.isDirty;
    }
    jobs.delete(key);
    return isDone;
  }

  function pauseOf(job: Job): number {
    return Math.max(0, job.notBefore - elapsed(), channelOpensAt - elapsed());
  }

  /** Slack may have limited us while the job waited for its turn. */
  async function tryNow(job: Job, key: string, pass: Pass): Promise<number | 'done'> {
    if (closing.signal.aborted) return 0;
    return pauseOf(job) || attempt(job, key, pass);
  }

  async function attempt(job: Job, key: string, pass: Pass): Promise<number | 'done'> {
    // Before anything is read: what happens from here on is for another pass.
    job.isDirty = false;
    const force = new Set(job.force);
    try {
      const left = await pass(force);
      if (left !== 'done') return left;
      for (const forced of force) job.force.delete(forced);
      job.failures = 0;
      return 'done';
    } catch (error) {
      if (closing.signal.aborted) return 0;
      return waitAfter(error, job, key);
    }
  }

  function waitAfter(error: unknown, job: Job, key: string): number {
    const limits = { first: FIRST_RETRY, longest: LONGEST_RETRY, random: random() };
    const { kind, seconds } = retryDelay(error, { ...limits, failures: job.failures + 1 });
    const delay = Math.max(seconds * 1000, 1);
    if (error instanceof AnnouncedElsewhere && error.editedKey !== null) {
      job.force.add(error.editedKey);
    }
    if (kind === 'rate_limited') channelOpensAt = elapsed() + delay;
    if (kind !== 'failed') return delay;
    job.failures += 1;
    job.notBefore = elapsed() + delay;
    const problem = slackProblem(error);
    const said = problem !== null && 'code' in problem ? problem.code : String(error);
    const advice = adviceOn(said);
    logOnce(
      `Slack could not be told about ${key}: ${said}. ${advice || 'It is tried again until it works.'}`,
    );
    return delay;
  }

  function logOnce(line: string): void {
    if (logged.has(line)) return;
    logged.add(line);
    log(line);
  }

  /** Ends early when something happened, so that a change of state need not wait for progress. */
  async function pauseFor(job: Job, milliseconds: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, closing.signal]);
    const waited = wait(milliseconds, signal).catch(() => undefined);
    await Promise.race([waited, job.woken]);
    over.abort();
    Object.assign(job, alarm());
  }

  async function idle(): Promise<void> {
    while (jobs.size > 0) await Promise.all([...jobs.values()].map(({ work }) => work));
  }

  return {
    async schedule(key, pass, force) {
      if (closing.signal.aborted) return false;
      const known = jobs.get(key);
      if (known !== undefined) {
        known.isDirty = true;
        if (force !== undefined) known.force.add(force);
        known.wake();
        return known.work;
      }
      const job: Job = {
        ...alarm(),
        isDirty: true,
        force: new Set(force === undefined ? [] : [force]),
        failures: 0,
        notBefore: Number.NEGATIVE_INFINITY,
        work: Promise.resolve().then(() => run(key, pass)),
      };
      jobs.set(key, job);
      return job.work;
    },
    idle,
    async close() {
      closing.abort();
      await idle();
    },
  };
}

function alarm(): Pick<Job, 'wake' | 'woken'> {
  let wake = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { wake, woken };
}
