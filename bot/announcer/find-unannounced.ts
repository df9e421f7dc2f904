import type { AlertId } from '../../pipeline/core/alert/alert.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { RunId } from '../../pipeline/core/run.ts';

/** What ended and nobody has announced is history after this long, in milliseconds. */
const FORGET_AFTER_MILLISECONDS = 24 * 3_600_000;
const MOST_ACTIVE = 200;
const MOST_RECENT = 100;

/**
 * Runs and alerts that may have changed while nobody listened. Oldest first, so that cards stand
 * in the channel in the order things happened.
 */
export async function findUnannounced(
  pipeline: Pick<Pipeline, 'listRuns' | 'listAlerts'>,
  now: Date,
): Promise<{ runs: ReadonlySet<RunId>; alerts: ReadonlySet<AlertId> }> {
  const [active, recent, open, ended] = await Promise.all([
    pipeline.listRuns({ ended: false, limit: MOST_ACTIVE }),
    pipeline.listRuns({ limit: MOST_RECENT }),
    pipeline.listAlerts({ open: true, limit: MOST_ACTIVE }),
    pipeline.listAlerts({ open: false, limit: MOST_RECENT }),
  ]);
  const isWorth = ({ updatedAt }: { updatedAt: string }) => !isHistory(updatedAt, now);
  return {
    runs: idsOf([...active, ...recent.filter(isWorth)], ({ createdAt }) => createdAt),
    alerts: idsOf([...open, ...ended.filter(isWorth)], ({ opened }) => opened?.since ?? ''),
  };
}

/** Whether it happened so long ago that nobody needs to be told any more. */
export function isHistory(instant: string, now: Date): boolean {
  return now.getTime() - Date.parse(instant) > FORGET_AFTER_MILLISECONDS;
}

function idsOf<T extends { readonly id: string }>(all: readonly T[], since: (each: T) => string) {
  const inOrder = [...all].sort((a, b) => since(a).localeCompare(since(b)));
  return new Set(inOrder.map(({ id }) => id));
}
