import type { Actor, Instant } from '../run.ts';
import type { Alert, AlertId, AlertKind, Observation } from './alert.ts';
import type { AlertChange } from './apply-alert-change.ts';

/** What each event of an alert says beyond its type, alert and time. */
export interface AlertEventDetails {
  RegressionDetected: { readonly observation: Observation };
  /** An open alert has a new observation. */
  RegressionObserved: { readonly observation: Observation };
  RegressionRecovered: { readonly observation: Observation };
  RegressionReplaced: { readonly version: number };
  RegressionRetired: Record<never, never>;
  RegressionAccepted: { readonly by: Actor };
  RegressionAcknowledged: { readonly by: Actor };
  AlertsMuted: { readonly by: Actor; readonly until: Instant; readonly reason: string | null };
  /** `by` is null when the mute ended by itself. */
  AlertsUnmuted: { readonly by: Actor | null };
}

export type AlertEventType = keyof AlertEventDetails;

/** Something that happened to an alert; a hint for listeners, the alert is the truth. */
export type AlertEvent = {
  [T in AlertEventType]: {
    readonly type: T;
    readonly alertId: AlertId;
    readonly model: string;
    readonly kind: AlertKind;
    readonly at: Instant;
  } & AlertEventDetails[T];
}[AlertEventType];

/** The event of a change that was written; null for what no one needs to hear of. */
export function alertEvent(
  before: Alert | null,
  after: Alert,
  change: AlertChange,
): AlertEvent | null {
  const { id: alertId, model, kind, updatedAt: at } = after;
  const common = { alertId, model, kind, at };
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
    case 'retired':
      return { type: 'RegressionRetired', ...common };
    case 'replaced':
      return { type: 'RegressionReplaced', version: change.version, ...common };
    case 'accepted':
      return { type: 'RegressionAccepted', by: change.by, ...common };
    case 'inputs_read':
      return null;
  }
}
