import type { Alert, AlertKind } from '../../core/alert/alert.ts';
import { alertEvent } from '../../core/alert/alert-events.ts';
import { type AlertChange, applyAlertChange } from '../../core/alert/apply-alert-change.ts';
import { MlopsError } from '../../core/errors.ts';
import type { FlowDeps } from '../flow-deps.ts';

const maxAttempts = 20;

/**
 * Applies a change to the newest alert of the model and kind by a conditional write, then
 * publishes the event. `decide` gets the record the change will be written over; when it returns
 * null, nothing changes. Returns the record as it is afterwards, null while there is none.
 *
 * @throws {MlopsError} `CONFLICT` (retryable) when other writers kept winning.
 */
export async function changeAlert(
  deps: Pick<FlowDeps, 'alerts' | 'bus'>,
  of: { readonly model: string; readonly kind: AlertKind },
  decide: (latest: Alert | null) => AlertChange | null,
): Promise<Alert | null> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await deps.alerts.latest(of.model, of.kind);
    const change = decide(before);
    const after = change === null ? before : applyAlertChange(before, of, change);
    if (change === null || after === null || after === before) return before;
    const isWritten =
      after.id === before?.id ? await deps.alerts.replace(after) : await deps.alerts.create(after);
    if (!isWritten) continue;
    const event = alertEvent(before, after, change);
    if (event !== null) await deps.bus.publish(event);
    return after;
  }
  throw new MlopsError('CONFLICT', 'Too many changes to this alert at once.', { retryable: true });
}
