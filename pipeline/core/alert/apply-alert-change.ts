import type { Actor, Instant, Run } from '../run.ts';
import { actionsDuring } from './actions-during.ts';
import {
  type Alert,
  type AlertKind,
  alertId,
  isOpen,
  type Mute,
  type Observation,
} from './alert.ts';
import { changesBefore } from './changes-before.ts';
import type { InputCounts } from './input-counts.ts';

/** What may happen to an alert. */
export type AlertChange =
  | {
      readonly type: 'observed';
      readonly observation: Observation;
      /** Breaches in a row that open it, and good looks in a row that end it. */
      readonly needed: number;
      readonly rollbackTo: number | null;
      readonly runs?: RecentRuns;
    }
  | { readonly type: 'acknowledged'; readonly by: Actor; readonly at: Instant }
  | { readonly type: 'muted'; readonly mute: Mute }
  /** `by` is null when it ended by itself. */
  | { readonly type: 'unmuted'; readonly by: Actor | null; readonly at: Instant }
  | {
      readonly type: 'replaced';
      readonly version: number;
      readonly at: Instant;
      readonly runs?: RecentRuns;
    }
  /** The model no longer serves. */
  | { readonly type: 'retired'; readonly at: Instant; readonly runs?: RecentRuns }
  /** Someone said that the inputs since the first breach are normal. */
  | {
      readonly type: 'accepted';
      readonly by: Actor;
      readonly at: Instant;
      readonly runs?: RecentRuns;
    }
  /** The inputs that are normal have been read. */
  | {
      readonly type: 'inputs_read';
      readonly counts: InputCounts['counts'];
      readonly at: Instant;
    };

/** The runs from which an alert takes what changed before it or was done about it; left out: unknown. */
type RecentRuns = readonly Run[];

/** Observations kept: more than a chart can show separately. */
const KEPT = 60;
/** From before an alert, so that its chart shows the normal level. */
const CARRIED_OVER = 20;

/**
 * The state machine of alerts: the newest record of the model and kind after `change`. The very
 * same object (or null) comes back when the change is late, repeated or no longer possible. An
 * ended alert never changes; what happens after it belongs to its successor, which starts as
 * `watching`. So at most one is open at a time.
 */
export function applyAlertChange(
  before: Alert | null,
  of: { readonly model: string; readonly kind: AlertKind },
  change: AlertChange,
): Alert | null {
  const record = before === null || before.ended !== null ? successor(before, of, change) : before;
  const next = apply(record, change);
  if (next === record) return before;
  const revision = record === before ? record.revision + 1 : 1;
  return { ...next, revision, updatedAt: timeOf(change) };
}

function successor(
  before: Alert | null,
  { model, kind }: { readonly model: string; readonly kind: AlertKind },
  change: AlertChange,
): Alert {
  const number = (before?.number ?? 0) + 1;
  return {
    id: alertId(model, kind, number),
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
    ...(before?.normalInputs === undefined ? {} : { normalInputs: before.normalInputs }),
    ended: null,
  };
}

function timeOf(change: AlertChange): Instant {
  if (change.type === 'observed') return change.observation.at;
  return change.type === 'muted' ? change.mute.at : change.at;
}

function apply(alert: Alert, change: AlertChange): Alert {
  switch (change.type) {
    case 'observed':
      return observe(alert, change);
    case 'acknowledged': {
      const { by, at } = change;
      return alert.status === 'open'
        ? { ...alert, status: 'acknowledged', acknowledged: { by, at } }
        : alert;
    }
    case 'muted':
      return alert.mute?.until === change.mute.until || change.mute.until <= change.mute.at
        ? alert
        : { ...alert, mute: change.mute };
    case 'unmuted':
      return unmute(alert, change);
    case 'replaced': {
      const { version, at, runs } = change;
      if (!isOpen(alert) || alert.observations.at(-1)?.version === version) return alert;
      return end({ ...alert, status: 'replaced' }, { at, runs, replacedBy: version });
    }
    case 'retired':
      return isOpen(alert) ? end({ ...alert, status: 'retired' }, change) : alert;
    case 'accepted':
      return accept(alert, change);
    case 'inputs_read': {
      const { normalInputs } = alert;
      return normalInputs === undefined || normalInputs.counts !== null
        ? alert
        : { ...alert, normalInputs: { ...normalInputs, counts: change.counts } };
    }
  }
}

function accept(alert: Alert, change: Extract<AlertChange, { type: 'accepted' }>): Alert {
  const { kind, opened } = alert;
  const version = alert.observations.at(-1)?.version;
  if (kind !== 'input_drift' || !isOpen(alert) || opened === null || version === undefined)
    return alert;
  const { by, at } = change;
  const normalInputs = { by, at, version, since: opened.since, counts: null };
  return end({ ...alert, status: 'accepted', normalInputs }, change);
}

/** A mute that was extended in the meantime is not over. */
function unmute(alert: Alert, { by, at }: Extract<AlertChange, { type: 'unmuted' }>): Alert {
  const isOver = by !== null || (alert.mute !== null && alert.mute.until <= at);
  return alert.mute === null || !isOver ? alert : { ...alert, mute: null };
}

/** Only what is newer than all before counts, so a repeated or late look changes nothing. */
function observe(
  alert: Alert,
  { observation, needed, rollbackTo, runs }: Extract<AlertChange, { type: 'observed' }>,
): Alert {
  const last = alert.observations.at(-1);
  if (last !== undefined && observation.at <= last.at) return alert;
  const observations = [...alert.observations, observation].slice(-KEPT);
  const seen: Alert = {
    ...alert,
    observations,
    rollbackTo: observation.isBreach ? rollbackTo : alert.rollbackTo,
  };
  if (alert.status === 'watching') return openIfDue(seen, { observation, needed, runs });
  const worst = worse(alert.kind, alert.worst, observation);
  const good = inARow(observations, (each) => !each.isBreach);
  return good.length >= needed
    ? end({ ...seen, worst, status: 'recovered' }, { at: observation.at, runs })
    : { ...seen, worst };
}

function openIfDue(
  alert: Alert,
  {
    observation,
    needed,
    runs,
  }: Pick<Extract<AlertChange, { type: 'observed' }>, 'observation' | 'needed'> & {
    readonly runs: RecentRuns | undefined;
  },
): Alert {
  const breaches = inARow(
    alert.observations,
    ({ isBreach, version }) => isBreach && version === observation.version,
  );
  const first = breaches[0];
  if (first === undefined || breaches.length < needed) return alert;
  const worst = breaches.reduce<Observation | null>(
    (before, each) => worse(alert.kind, before, each),
    null,
  );
  const { at: since } = first;
  const changes = runs === undefined ? {} : { changes: changesBefore({ ...alert, since }, runs) };
  return { ...alert, status: 'open', opened: { by: observation, since, ...changes }, worst };
}

/** The newest observations that are all `so`, oldest first. */
function inARow(all: readonly Observation[], so: (each: Observation) => boolean) {
  return all.slice(all.findLastIndex((each) => !so(each)) + 1);
}

function worse(kind: AlertKind, before: Observation | null, now: Observation): Observation {
  if (before === null) return now;
  const isWorse = kind === 'metric' ? now.value < before.value : now.value > before.value;
  return isWorse ? now : before;
}

function end(
  alert: Alert,
  {
    at,
    runs,
    replacedBy = null,
  }: {
    readonly at: Instant;
    readonly runs?: RecentRuns | undefined;
    readonly replacedBy?: number | null;
  },
): Alert {
  const since = alert.opened?.since ?? at;
  const actions =
    runs === undefined
      ? {}
      : { actions: actionsDuring({ model: alert.model, since, until: at }, runs) };
  return { ...alert, ended: { at, silently: alert.mute !== null, replacedBy, ...actions } };
}
