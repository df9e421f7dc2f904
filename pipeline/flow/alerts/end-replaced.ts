import { alertKinds, isOpen } from '../../core/alert/alert.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { changeAlert } from './change-alert.ts';
import { recentRuns } from './recent-runs.ts';

/** Ends open alerts about versions other than the one that was verified live. */
export async function endReplaced(
  deps: Pick<FlowDeps, 'alerts' | 'bus' | 'clock' | 'runs'>,
  model: string,
  version: number,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const kind of alertKinds) {
    const latest = await deps.alerts.latest(model, kind);
    if (latest === null || !isOpen(latest)) continue;
    const runs = await recentRuns(deps, model);
    await changeAlert(deps, { model, kind }, () => ({ type: 'replaced', version, at, runs }));
  }
}
