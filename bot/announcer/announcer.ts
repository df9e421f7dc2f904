import type { Alert, AlertId } from '../../pipeline/core/alert/alert.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';
import type { Notice } from '../features/notices/notice-message.ts';
import { findUnannounced } from './find-unannounced.ts';
import { createRetryQueue, type Pass, type RetryQueueOptions } from './retry-queue.ts';
import { stateSignature } from './state-signature.ts';

/**
 * Keeps Slack in line with the pipeline. Events are hints: each only says "look at this run", so
 * losing, repeating or reordering them delays a card and never makes it wrong.
 */
export interface Announcer {
  /** Something happened to the run; returns at once. `redraw` edits the card in any case. */
  onEvent(runId: RunId, options?: { redraw?: boolean }): void;
  /** The same for an alert. */
  onAlert(id: AlertId, options?: { redraw?: boolean }): void;
  /**
   * Tells the channel something that belongs to no run, once per key, whoever asks how often. True
   * when it is there; false when the announcer was closed before, and somebody must ask again.
   */
  tell(notice: Notice): Promise<boolean>;
  /** Looks at every run and alert that may have changed while nobody listened. */
  catchUp(): Promise<void>;
  /** One pass over one run, now, without pauses; throws what Slack or the store threw. */
  announce(runId: RunId, options?: { redraw?: boolean }): Promise<void>;
  /** The same for one alert. */
  announceAlert(id: AlertId, options?: { redraw?: boolean }): Promise<void>;
  /** Resolves when nothing is left to tell (never, while Slack is down). */
  idle(): Promise<void>;
  /** Stops after the calls in flight; what is left is told by the next process's `catchUp`. */
  close(): Promise<void>;
}

export interface Pace extends Pick<RetryQueueOptions, 'elapsed' | 'wait' | 'random'> {
  /** Least time between two edits that only show progress, over all runs, in milliseconds. */
  readonly progressMilliseconds: number;
}

export function createAnnouncer(options: {
  pipeline: Pipeline;
  clock: Clock;
  announceRun: (run: Run, force?: ReadonlySet<string>) => Promise<void>;
  announceAlert: (alert: Alert, force?: ReadonlySet<string>) => Promise<void>;
  announceNotice: (notice: Notice) => Promise<void>;
  pace: Pace;
  log: (line: string) => void;
}): Announcer {
  const { pipeline, clock, announceRun, announceAlert, announceNotice, pace, log } = options;
  const queue = createRetryQueue({ ...pace, log });
  const told = new Map<RunId, string>();
  const turns = new Map<RunId, number>();
  let nextTurnAt = Number.NEGATIVE_INFINITY;

  /** When a run may show its progress: they take turns, so that none is left out. */
  function turnOf(runId: RunId): number {
    const turn = turns.get(runId) ?? Math.max(pace.elapsed(), nextTurnAt);
    if (!turns.has(runId)) nextTurnAt = turn + pace.progressMilliseconds;
    turns.set(runId, turn);
    return turn;
  }

  function passOver(runId: RunId): Pass {
    return async (force) => {
      const record = await pipeline.getRun(runId);
      if (record === null) return 'done';
      const signature = stateSignature(record);
      const isProgress = told.get(runId) === signature && force.size === 0;
      const pause = isProgress ? turnOf(runId) - pace.elapsed() : 0;
      if (pause > 0) return pause;
      turns.delete(runId);
      await announceRun(record, force);
      if (record.outcome === null) told.set(runId, signature);
      else told.delete(runId);
      return 'done';
    };
  }

  const announcer: Announcer = {
    onEvent: (runId, { redraw = false } = {}) =>
      void queue.schedule(`run ${runId}`, passOver(runId), redraw ? 'root' : undefined),

    onAlert: (id, { redraw = false } = {}) =>
      void queue.schedule(
        `alert ${id}`,
        async (force) => {
          const alert = await pipeline.getAlert(id);
          if (alert !== null) await announceAlert(alert, force);
          return 'done';
        },
        redraw ? 'root' : undefined,
      ),

    tell: (notice) =>
      queue.schedule(`notice ${notice.key}`, async () => {
        await announceNotice(notice);
        return 'done';
      }),

    async catchUp() {
      const { runs, alerts } = await findUnannounced(pipeline, clock.now());
      for (const id of runs) announcer.onEvent(id);
      for (const id of alerts) announcer.onAlert(id);
    },

    async announce(runId, { redraw = false } = {}) {
      const record = await pipeline.getRun(runId);
      if (record !== null) await announceRun(record, new Set(redraw ? ['root'] : []));
    },

    async announceAlert(id, { redraw = false } = {}) {
      const alert = await pipeline.getAlert(id);
      if (alert !== null) await announceAlert(alert, new Set(redraw ? ['root'] : []));
    },

    idle: queue.idle,
    close: queue.close,
  };
  return announcer;
}
