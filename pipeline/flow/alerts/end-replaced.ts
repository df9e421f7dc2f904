import { incidentKinds } from '../../core/alert/alert.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { changeIncident } from './change-alert.ts';

/** Ends open incidents about another version than the one that has proven itself live. */
export async function endReplaced(
  deps: Pick<FlowDeps, 'incidents' | 'bus' | 'clock'>,
  model: string,
  version: number,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const kind of incidentKinds) {
    await changeIncident(deps, { model, kind }, () => ({ type: 'replaced', version, at }));
  }
}
