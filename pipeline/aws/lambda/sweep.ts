import type { FlowDeps } from '../../flow/flow-deps.ts';
import { onJobChanged } from '../../flow/signals.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';

/** More runs than any team has at once. */
const MOST_RUNS = 200;

/**
 * Finds what every event missed: a run whose record was written but whose execution was not started,
 * a job that ended unheard, a card that was never told. Everything it does changes nothing when all
 * is well.
 */
export async function sweep(
  deps: FlowDeps,
  announcements: Pick<AnnouncementQueue, 'send'>,
): Promise<void> {
  for (const run of await deps.runs.list({ ended: false, limit: MOST_RUNS })) {
    await deps.executions.start({ name: run.id, input: { runId: run.id } });
    if (run.training !== null) await onJobChanged(deps, run.training.jobName);
    await announcements.send({ kind: 'run', runId: run.id, redraw: false });
  }
}
