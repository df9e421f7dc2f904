import type { Incident, IncidentId } from '../../pipeline/core/incident/incident.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';
import type { Notice } from '../messages/notice.ts';
import { AnnouncedElsewhere } from './ledger.ts';
import { adviceOn, slackProblem } from './slack-problem.ts';
import { stateSignature } from './state-signature.ts';
import { worthAnnouncing } from './worth-announcing.ts';

/**
 * Keeps Slack in line with the pipeline. Events are hints: each only says "look at this run", so
 * losing, repeating or reordering them delays a card and never makes it wrong.
 */
export interface Announcer {
  /** Something happened to the run; returns at once. `redraw` edits the card in any case. */
  onEvent(runId: RunId, options?: { redraw?: boolean }): void;
  /** The same for an incident. */
  onIncident(id: IncidentId, options?: { redraw?: boolean }): void;
  /**
   * Tells the channel something that belongs to no run, once per key, whoever asks how often. True
   * when it is there; false when the announcer was closed before, and somebody must ask again.
   */
  tell(notice: Notice): Promise<boolean>;
  /** Looks at every run and incident that may have changed while nobody listened. */
  catchUp(): Promise<void>;
  /** One pass over one run, now, without pauses; throws what Slack or the store threw. */
  announce(runId: RunId, options?: { redraw?: boolean }): Promise<void>;
  /** The same for one incident. */
  announceIncident(id: IncidentId, options?: { redraw?: boolean }): Promise<void>;
  /** Resolves when nothing is left to tell (never, while Slack is down). */
  idle(): Promise<void>;
  /** Stops after the calls in flight; what is left is told by the next process's `catchUp`. */
  close(): Promise<void>;
}

export interface Pace {
  /** Least time between two edits in the channel that only show progress, in milliseconds. */
  readonly progressMilliseconds: number;
  /** Waits; rejects when the signal aborts. Tests own the time with it. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1: spreads retries of several processes. */
  readonly random: () => number;
}

const FIRST_RETRY_MILLISECONDS = 1_000;
const LAST_RETRY_MILLISECONDS = 60_000;

interface Job {
  /** Whether all was told when it ended; not so when the announcer was closed before. */
  readonly work: Promise<boolean>;
  wake: () => void;
  woken: Promise<void>;
  isDirty: boolean;
  readonly force: Set<string>;
  failures: number;
  notBefore: number;
}

export function createAnnouncer(options: {
  pipeline: Pipeline;
  clock: Clock;
  announceRun: (run: Run, force?: ReadonlySet<string>) => Promise<void>;
  announceIncident: (incident: Incident, force?: ReadonlySet<string>) => Promise<void>;
  announceNotice: (notice: Notice) => Promise<void>;
  pace: Pace;
  log: (line: string) => void;
}): Announcer {
  const { pipeline, clock, announceRun, announceIncident, announceNotice, pace, log } = options;
  const jobs = new Map<string, Job>();
  const told = new Map<RunId, string>();
  const logged = new Set<string>();
  const closing = new AbortController();
  let channelOpensAt = 0;
  let lastEditAt = 0;

  const now = () => clock.now().getTime();

  /** Resolves with the job's `work`. */
  async function schedule(
    key: string,
    pass: (job: Job) => Promise<number | 'done'>,
    force?: string,
  ): Promise<boolean> {
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
      notBefore: 0,
      work: Promise.resolve().then(() => run(key, pass)),
    };
    jobs.set(key, job);
    return job.work;
  }

  async function run(key: string, pass: (job: Job) => Promise<number | 'done'>): Promise<boolean> {
    const job = jobs.get(key);
    let isDone = false;
    while (job !== undefined && !isDone && !closing.signal.aborted) {
      const pause = Math.max(job.notBefore, channelOpensAt) - now();
      const left = pause > 0 ? pause : await attempt(job, key, pass);
      if (left !== 'done') await pauseFor(job, left);
      isDone = left === 'done' && !job.isDirty;
    }
    jobs.delete(key);
    return isDone;
  }

  /** One pass; how long to wait before the next, or "done". */
  async function attempt(job: Job, key: string, pass: (job: Job) => Promise<number | 'done'>) {
    try {
      const left = await pass(job);
      if (left === 'done') job.failures = 0;
      return left;
    } catch (error) {
      return waitAfter(error, job, key);
    }
  }

  function waitAfter(error: unknown, job: Job, key: string): number {
    if (error instanceof AnnouncedElsewhere) {
      if (error.editedKey !== null) job.force.add(error.editedKey);
      return Math.max(error.milliseconds, 1);
    }
    const problem = slackProblem(error);
    if (problem?.kind === 'rate_limited') {
      channelOpensAt = now() + problem.seconds * 1000;
      return problem.seconds * 1000;
    }
    job.failures += 1;
    const longest = FIRST_RETRY_MILLISECONDS * 2 ** Math.min(job.failures - 1, 10);
    const delay =
      problem?.kind === 'refused'
        ? LAST_RETRY_MILLISECONDS
        : Math.min(LAST_RETRY_MILLISECONDS, longest * (0.5 + pace.random() / 2));
    const said = problem !== null && 'code' in problem ? problem.code : String(error);
    const advice = adviceOn(said);
    logOnce(
      `Slack could not be told about ${key}: ${said}. ${advice || 'It is tried again until it works.'}`,
    );
    job.notBefore = now() + delay;
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
    const waited = pace.wait(milliseconds, signal).catch(() => undefined);
    await Promise.race([waited, job.woken]);
    over.abort();
    Object.assign(job, alarm());
  }

  function passOver(runId: RunId) {
    return async (job: Job): Promise<number | 'done'> => {
      const record = await pipeline.getRun(runId);
      if (record === null) {
        job.isDirty = false;
        return 'done';
      }
      const signature = stateSignature(record);
      const isProgress = told.get(runId) === signature && job.force.size === 0;
      const pause = isProgress ? lastEditAt + pace.progressMilliseconds - now() : 0;
      if (pause > 0) return pause;
      job.isDirty = false;
      const force = new Set(job.force);
      await announceRun(record, force);
      for (const key of force) job.force.delete(key);
      lastEditAt = now();
      if (record.outcome === null) told.set(runId, signature);
      else told.delete(runId);
      return 'done';
    };
  }

  const announcer: Announcer = {
    onEvent: (runId, { redraw = false } = {}) =>
      schedule(`run ${runId}`, passOver(runId), redraw ? 'root' : undefined),

    onIncident: (id, { redraw = false } = {}) =>
      schedule(
        `alert ${id}`,
        async (job) => {
          job.isDirty = false;
          const force = new Set(job.force);
          const incident = await pipeline.getIncident(id);
          if (incident !== null) await announceIncident(incident, force);
          for (const key of force) job.force.delete(key);
          return 'done';
        },
        redraw ? 'root' : undefined,
      ),

    tell: (notice) =>
      schedule(`notice ${notice.key}`, async (job) => {
        job.isDirty = false;
        await announceNotice(notice);
        return 'done';
      }),

    async catchUp() {
      const { runs, incidents } = await worthAnnouncing(pipeline, clock.now());
      for (const id of runs) announcer.onEvent(id);
      for (const id of incidents) announcer.onIncident(id);
    },

    async announce(runId, { redraw = false } = {}) {
      const record = await pipeline.getRun(runId);
      if (record !== null) await announceRun(record, new Set(redraw ? ['root'] : []));
    },

    async announceIncident(id, { redraw = false } = {}) {
      const incident = await pipeline.getIncident(id);
      if (incident !== null) await announceIncident(incident, new Set(redraw ? ['root'] : []));
    },

    async idle() {
      while (jobs.size > 0) await Promise.all([...jobs.values()].map(({ work }) => work));
    },

    async close() {
      closing.abort();
      await announcer.idle();
    },
  };
  return announcer;
}

function alarm(): Pick<Job, 'wake' | 'woken'> {
  let wake = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { wake, woken };
}
