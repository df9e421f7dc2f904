import { alertKinds, isOpen } from '../../core/alert/alert.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { changeAlert } from './change-alert.ts';
import { recentRuns } from './recent-runs.ts';

/** Ends open alerts of a model that no longer serves. */
export async function endRetired(
  deps: Pick<FlowDeps, 'alerts' | 'bus' | 'clock' | 'runs'>,
  model: string,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const kind of alertKinds) {
    const latest = await deps.alerts.latest(model, kind);
    if (latest === null || !isOpen(latest)) continue;
    const runs = await recentRuns(deps, model);
    await changeAlert(deps, { model, kind }, () => ({ type: 'retired', at, runs }));
  }
}
