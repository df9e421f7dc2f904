import type { Actor, Instant } from '../run.ts';
import type { Incident, IncidentId, IncidentKind, Observation } from './alert.ts';
import type { IncidentChange } from './apply-alert-change.ts';

/** What each event of an incident says beyond its type, incident and time. */
export interface IncidentEventDetails {
  RegressionDetected: { readonly observation: Observation };
  /** An open incident was looked at again. */
  RegressionObserved: { readonly observation: Observation };
  RegressionRecovered: { readonly observation: Observation };
  RegressionReplaced: { readonly version: number };
  RegressionAcknowledged: { readonly by: Actor };
  AlertsMuted: { readonly by: Actor; readonly until: Instant; readonly reason: string | null };
  /** `by` null: the time of the mute was over. */
  AlertsUnmuted: { readonly by: Actor | null };
}

export type IncidentEventType = keyof IncidentEventDetails;

/** Something that happened to an incident; a hint for listeners, the incident is the truth. */
export type IncidentEvent = {
  [T in IncidentEventType]: {
    readonly type: T;
    readonly incidentId: IncidentId;
    readonly model: string;
    readonly kind: IncidentKind;
    readonly at: Instant;
  } & IncidentEventDetails[T];
}[IncidentEventType];

/** What a change that was written is told as; null for looks at a figure that is fine. */
export function incidentEvent(
  before: Incident | null,
  after: Incident,
  change: IncidentChange,
): IncidentEvent | null {
  const { id: incidentId, model, kind, updatedAt: at } = after;
  const common = { incidentId, model, kind, at };
  switch (change.type) {
    case 'observed': {
      const { observation } = change;
      if (after.status === 'watching') return null;
      if (after.status === 'recovered')
        return { type: 'RegressionRecovered', observation, ...common };
      const isNew = before?.id !== after.id || before.status === 'watching';
      return { type: isNew ? 'RegressionDetected' : 'RegressionObserved', observation, ...common };
    }
    case 'acknowledged':
      return { type: 'RegressionAcknowledged', by: change.by, ...common };
    case 'muted': {
      const { by, until, reason } = change.mute;
      return { type: 'AlertsMuted', by, until, reason, ...common };
    }
    case 'unmuted':
      return { type: 'AlertsUnmuted', by: change.by, ...common };
    case 'replaced':
      return { type: 'RegressionReplaced', version: change.version, ...common };
  }
}
