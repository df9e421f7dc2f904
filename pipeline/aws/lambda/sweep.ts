import type { FlowDeps } from '../../flow/flow-deps.ts';
import { repairRun } from '../../flow/repair-run.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';

/** More runs than any team has at once. */
const MOST_RUNS = 200;

/**
 * Repairs what lost events left undone: runs that are stuck although they could go on, cards that
 * were never updated. Changes nothing when all is well.
 */
export async function sweep(
  deps: FlowDeps,
  announcements: Pick<AnnouncementQueue, 'send'>,
): Promise<void> {
  for (const run of await deps.runs.list({ ended: false, limit: MOST_RUNS })) {
    await repairRun(deps, run);
    await announcements.send({ kind: 'run', runId: run.id, redraw: false });
  }
}
