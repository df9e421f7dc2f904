import { type Alert, isOpen } from '../../core/alert/alert.ts';
import type { Run } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';

const MOST_RUNS = 20;
/** A version may go live long after its run began, so the newest runs need not include it. */
const MOST_DEPLOYED = 5;

/** The runs of a model that may have changed production lately, or the data it is measured on. */
export async function recentRuns(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
): Promise<readonly Run[]> {
  const [newest, deployed] = await Promise.all([
    runs.list({ model, limit: MOST_RUNS }),
    runs.list({ model, deployed: true, limit: MOST_DEPLOYED }),
  ]);
  return [...new Map([...deployed, ...newest].map((run) => [run.id, run])).values()];
}

/** The same when the look may open or end an alert; else nothing is read. `before`: as it is now. */
export async function runsIfItTurns(
  deps: Pick<FlowDeps, 'runs'>,
  before: Alert | null,
  { model, isBreach }: { readonly model: string; readonly isBreach: boolean },
): Promise<{ readonly runs?: readonly Run[] }> {
  const turns = (before !== null && isOpen(before)) !== isBreach;
  return turns ? { runs: await recentRuns(deps, model) } : {};
}
