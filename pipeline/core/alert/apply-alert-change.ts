import type { Actor, Instant } from '../run.ts';
import {
  type Incident,
  type IncidentKind,
  incidentId,
  isOpen,
  type Mute,
  type Observation,
} from './alert.ts';

/** What may happen to an incident. */
export type IncidentChange =
  | {
      readonly type: 'observed';
      readonly observation: Observation;
      /** Breaches in a row that open it, and good looks in a row that end it. */
      readonly needed: number;
      readonly rollbackTo: number | null;
    }
  | { readonly type: 'acknowledged'; readonly by: Actor; readonly at: Instant }
  | { readonly type: 'muted'; readonly mute: Mute }
  /** `by` null: its time was over. */
  | { readonly type: 'unmuted'; readonly by: Actor | null; readonly at: Instant }
  | { readonly type: 'replaced'; readonly version: number; readonly at: Instant };

/** Observations kept: more than a chart can show apart. */
const KEPT = 60;
/** Of the time before an incident, so that its chart shows how things were. */
const CARRIED_OVER = 20;

/**
 * The state machine of incidents: the newest record of the model and kind after `change`. The very
 * same object (or null) comes back when the change is late, repeated or no longer possible. An
 * ended incident never changes; what happens after it belongs to its successor, which starts as
 * `watching`. So at most one is open at a time.
 */
export function evolveIncident(
  before: Incident | null,
  of: { readonly model: string; readonly kind: IncidentKind },
  change: IncidentChange,
): Incident | null {
  const record = before === null || before.ended !== null ? successor(before, of, change) : before;
  const next = apply(record, change);
  if (next === record) return before;
  const revision = record === before ? record.revision + 1 : 1;
  return { ...next, revision, updatedAt: timeOf(change) };
}

function successor(
  before: Incident | null,
  { model, kind }: { readonly model: string; readonly kind: IncidentKind },
  change: IncidentChange,
): Incident {
  const number = (before?.number ?? 0) + 1;
  return {
    id: incidentId(model, kind, number),
    revision: 0,
    model,
    kind,
    number,
    status: 'watching',
    updatedAt: timeOf(change),
    observations: before?.observations.slice(-CARRIED_OVER) ?? [],
    opened: null,
    worst: null,
    rollbackTo: null,
    acknowledged: null,
    mute: before?.mute ?? null,
    ended: null,
  };
}

function timeOf(change: IncidentChange): Instant {
  if (change.type === 'observed') return change.observation.at;
  return change.type === 'muted' ? change.mute.at : change.at;
}

function apply(incident: Incident, change: IncidentChange): Incident {
  switch (change.type) {
    case 'observed':
      return observe(incident, change);
    case 'acknowledged': {
      const { by, at } = change;
      return incident.status === 'open'
        ? { ...incident, status: 'acknowledged', acknowledged: { by, at } }
        : incident;
    }
    case 'muted':
      return incident.mute?.until === change.mute.until || change.mute.until <= change.mute.at
        ? incident
        : { ...incident, mute: change.mute };
    case 'unmuted':
      return unmute(incident, change);
    case 'replaced': {
      const { version, at } = change;
      if (!isOpen(incident) || incident.observations.at(-1)?.version === version) return incident;
      return end({ ...incident, status: 'replaced' }, at, version);
    }
  }
}

/** A mute that was prolonged meanwhile is not over. */
function unmute(
  incident: Incident,
  { by, at }: Extract<IncidentChange, { type: 'unmuted' }>,
): Incident {
  const isOver = by !== null || (incident.mute !== null && incident.mute.until <= at);
  return incident.mute === null || !isOver ? incident : { ...incident, mute: null };
}

/** Only what is newer than all before counts, so a repeated or late look changes nothing. */
function observe(
  incident: Incident,
  { observation, needed, rollbackTo }: Extract<IncidentChange, { type: 'observed' }>,
): Incident {
  const last = incident.observations.at(-1);
  if (last !== undefined && observation.at <= last.at) return incident;
  const observations = [...incident.observations, observation].slice(-KEPT);
  const seen: Incident = {
    ...incident,
    observations,
    rollbackTo: observation.isBreach ? rollbackTo : incident.rollbackTo,
  };
  if (incident.status === 'watching') return openIfDue(seen, observation, needed);
  const worst = worse(incident.kind, incident.worst, observation);
  const good = inARow(observations, (each) => !each.isBreach);
  return good.length >= needed
    ? end({ ...seen, worst, status: 'recovered' }, observation.at, null)
    : { ...seen, worst };
}

function openIfDue(incident: Incident, observation: Observation, needed: number): Incident {
  const breaches = inARow(
    incident.observations,
    ({ isBreach, version }) => isBreach && version === observation.version,
  );
  const first = breaches[0];
  if (first === undefined || breaches.length < needed) return incident;
  const worst = breaches.reduce<Observation | null>(
    (before, each) => worse(incident.kind, before, each),
    null,
  );
  return { ...incident, status: 'open', opened: { by: observation, since: first.at }, worst };
}

/** The newest observations that are all `so`, oldest first. */
function inARow(all: readonly Observation[], so: (each: Observation) => boolean) {
  return all.slice(all.findLastIndex((each) => !so(each)) + 1);
}

function worse(kind: IncidentKind, before: Observation | null, now: Observation): Observation {
  if (before === null) return now;
  const isWorse = kind === 'metric' ? now.value < before.value : now.value > before.value;
  return isWorse ? now : before;
}

function end(incident: Incident, at: Instant, replacedBy: number | null): Incident {
  return { ...incident, ended: { at, silently: incident.mute !== null, replacedBy } };
}
