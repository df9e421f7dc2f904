import { eachRun } from '../core/each-run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { currentProduction } from './production.ts';
import { record } from './record.ts';
import { resumeRun } from './resume-run.ts';

type Deps = Pick<
  FlowDeps,
  'runs' | 'registry' | 'endpoints' | 'bus' | 'clock' | 'callbacks' | 'executions'
>;

/**
 * Records in every run of the model that waits for people what is live now, so that no one decides on
 * a comparison that no longer holds. `isProven`: the live version has passed its bake window, so
 * requests that were compared with another one end.
 */
export async function tellWaiting(
  deps: Deps,
  model: string,
  { isProven }: { readonly isProven: boolean },
): Promise<void> {
  const live = (await currentProduction(deps, model))?.version ?? null;
  for await (const { id, approval } of eachRun(deps.runs.list, { model, ended: false })) {
    if (approval === null || approval.outcome !== null) continue;
    const told = await record(deps, { type: 'ProductionChanged', runId: id, live, isProven });
    if (told.approval?.outdated?.isProven === true) await resumeRun(deps, id);
  }
}
