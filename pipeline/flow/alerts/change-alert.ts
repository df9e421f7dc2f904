import type { Incident, IncidentKind } from '../../core/alert/alert.ts';
import { incidentEvent } from '../../core/alert/alert-events.ts';
import { evolveIncident, type IncidentChange } from '../../core/alert/apply-alert-change.ts';
import { MlopsError } from '../../core/errors.ts';
import type { FlowDeps } from '../flow-deps.ts';

const maxAttempts = 20;

/**
 * Applies a change to the newest incident of the model and kind by a conditional write, then
 * publishes what it means. `decide` sees the record the change will be written over; null from it
 * changes nothing. Returns the record as it is afterwards, null while there is none.
 *
 * @throws {MlopsError} `CONFLICT` (retryable) when other writers kept winning.
 */
export async function changeIncident(
  deps: Pick<FlowDeps, 'incidents' | 'bus'>,
  of: { readonly model: string; readonly kind: IncidentKind },
  decide: (latest: Incident | null) => IncidentChange | null,
): Promise<Incident | null> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await deps.incidents.latest(of.model, of.kind);
    const change = decide(before);
    const after = change === null ? before : evolveIncident(before, of, change);
    if (change === null || after === null || after === before) return before;
    const isWritten =
      after.id === before?.id
        ? await deps.incidents.replace(after)
        : await deps.incidents.create(after);
    if (!isWritten) continue;
    const event = incidentEvent(before, after, change);
    if (event !== null) await deps.bus.publish(event);
    return after;
  }
  throw new MlopsError('CONFLICT', 'The incident is being changed by others.', { retryable: true });
}
