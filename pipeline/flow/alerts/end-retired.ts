import { alertKinds } from '../../core/alert/alert.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { changeAlert } from './change-alert.ts';

/** Ends open alerts of a model that no longer serves. */
export async function endRetired(
  deps: Pick<FlowDeps, 'alerts' | 'bus' | 'clock'>,
  model: string,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const kind of alertKinds)
    await changeAlert(deps, { model, kind }, () => ({ type: 'retired', at }));
}
