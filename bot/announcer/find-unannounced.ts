import type { AlertId } from '../../pipeline/core/alert/alert.ts';
import { eachRun } from '../../pipeline/core/each-run.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';

/** What ended and nobody has announced is history after this long, in milliseconds. */
const FORGET_AFTER_MILLISECONDS = 24 * 3_600_000;
const MOST_ALERTS = 200;
/** Ended runs to look at, if fewer began within that time. */
const MOST_OLDER = 100;

/**
 * Runs and alerts that may have changed while nobody listened. Oldest first, so that cards stand
 * in the channel in the order things happened.
 */
export async function findUnannounced(
  pipeline: Pick<Pipeline, 'listRuns' | 'listAlerts'>,
  now: Date,
): Promise<{ runs: ReadonlySet<RunId>; alerts: ReadonlySet<AlertId> }> {
  const [runs, open, ended] = await Promise.all([
    unannouncedRuns(pipeline, now),
    pipeline.listAlerts({ open: true, limit: MOST_ALERTS }),
    pipeline.listAlerts({ open: false, limit: MOST_ALERTS }),
  ]);
  const isWorth = ({ updatedAt }: { updatedAt: string }) => !isHistory(updatedAt, now);
  return {
    runs: idsOf(runs, ({ createdAt }) => createdAt),
    alerts: idsOf([...open, ...ended.filter(isWorth)], ({ opened }) => opened?.since ?? ''),
  };
}

/** All that have not ended, and those that have since a day, as far as one may look for them. */
async function unannouncedRuns({ listRuns }: Pick<Pipeline, 'listRuns'>, now: Date) {
  const found: Pick<Run, 'id' | 'createdAt'>[] = [];
  for await (const { id, createdAt } of eachRun(listRuns, { ended: false })) {
    found.push({ id, createdAt });
  }
  let looked = 0;
  for await (const { id, createdAt, updatedAt } of eachRun(listRuns, { ended: true })) {
    if (!isHistory(updatedAt, now)) found.push({ id, createdAt });
    looked += 1;
    // A run that began before may have ended since: it waited for people.
    if (isHistory(createdAt, now) && looked >= MOST_OLDER) break;
  }
  return found;
}

/** Whether it happened so long ago that nobody needs to be told any more. */
export function isHistory(instant: string, now: Date): boolean {
  return now.getTime() - Date.parse(instant) > FORGET_AFTER_MILLISECONDS;
}

function idsOf<T extends { readonly id: string }>(all: readonly T[], since: (each: T) => string) {
  const inOrder = [...all].sort((a, b) => since(a).localeCompare(since(b)));
  return new Set(inOrder.map(({ id }) => id));
}
