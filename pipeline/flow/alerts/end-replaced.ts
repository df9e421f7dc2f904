import { alertKinds } from '../../core/alert/alert.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { changeAlert } from './change-alert.ts';

/** Ends open alerts about versions other than the one that was verified live. */
export async function endReplaced(
  deps: Pick<FlowDeps, 'alerts' | 'bus' | 'clock'>,
  model: string,
  version: number,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const kind of alertKinds) {
    await changeAlert(deps, { model, kind }, () => ({ type: 'replaced', version, at }));
  }
}
