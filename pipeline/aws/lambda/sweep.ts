import { subHours } from 'date-fns/subHours';
import { eachRun } from '../../core/each-run.ts';
import type { FlowDeps } from '../../flow/flow-deps.ts';
import { type Disagreement, reconcileProduction } from '../../flow/reconcile-production.ts';
import { repairRun } from '../../flow/repair-run.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';

/** So long after its end a run is announced once more, in case its last event was lost. */
const HOURS_AFTER_THE_END = 2;
/** More runs than end in that time. */
const MOST_ENDED = 50;

/**
 * Repairs what lost events left undone: runs that are stuck although they could go on, cards that
 * were never updated, endpoints that serve what no record says. Changes nothing when all is well.
 * One bad run does not keep the sweep from the others.
 *
 * @throws {AggregateError} at the end, with everything that failed.
 */
export async function sweep(
  deps: FlowDeps,
  announcements: Pick<AnnouncementQueue, 'send'>,
  onDisagreement: (found: Disagreement) => void,
): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      failures.push(error);
    });
  for await (const run of eachRun(deps.runs.list, { ended: false })) {
    await attempt(async () => {
      await repairRun(deps, run);
      await announcements.send({ kind: 'run', runId: run.id, redraw: false });
    });
  }
  await attempt(async () => {
    const since = subHours(deps.clock.now(), HOURS_AFTER_THE_END).toISOString();
    const ended = await deps.runs.list({ ended: true, limit: MOST_ENDED });
    for (const { id, updatedAt } of ended) {
      // The announcer knows what it has told: a hint too many changes nothing.
      if (updatedAt >= since) await announcements.send({ kind: 'run', runId: id, redraw: false });
    }
  });
  for (const model of Object.keys(deps.config.models)) {
    await attempt(async () => {
      const found = await reconcileProduction(deps, model);
      if (found !== null) onDisagreement(found);
    });
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The sweep left something undone.');
}
