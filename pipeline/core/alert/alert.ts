import type { Actor, Instant, Person, RunId } from '../run.ts';
import type { InputCounts } from './input-counts.ts';
import type { AlertAction, PrecedingChange } from './production-changes.ts';

/** What is watched about a model in production; at most one alert of each kind is open. */
export const alertKinds = ['metric', 'error_rate', 'latency', 'input_drift'] as const;
export type AlertKind = (typeof alertKinds)[number];
/** Those judged from the counters of the endpoint. */
export const endpointAlertKinds = ['error_rate', 'latency'] as const satisfies readonly AlertKind[];
export type EndpointAlertKind = (typeof endpointAlertKinds)[number];
export type AlertId = string;

/**
 * `watching`: nothing is wrong yet; it becomes an alert when it opens. `replaced`: another version
 * went live, which is judged on its own. `retired`: nothing serves any more. `accepted`: someone said
 * that its inputs are normal.
 */
export type AlertStatus =
  | 'watching'
  | 'open'
  | 'acknowledged'
  | 'recovered'
  | 'replaced'
  | 'retired'
  | 'accepted';

/** One measurement of one figure in production. Latency is in ms, all others are shares. */
export interface Observation {
  readonly at: Instant;
  /** Version that was in production. */
  readonly version: number;
  readonly value: number;
  /** What the version was deployed with; null for figures that have only a limit. */
  readonly baseline: number | null;
  /** Metrics breach below it, the other kinds above it. */
  readonly threshold: number;
  readonly isBreach: boolean;
  /** Held-out rows, requests or inputs the value is from. */
  readonly sample: number;
  readonly source:
    | { readonly kind: 'evaluation'; readonly runId: RunId }
    /** Counters of the endpoint at that moment: the next look starts from them. */
    | {
        readonly kind: 'endpoint';
        readonly configName: string;
        readonly invocations: number;
        readonly serverErrors: number;
      }
    /** What the endpoint was asked since the look before. */
    | {
        readonly kind: 'inputs';
        readonly configName: string;
        /** The histograms that breach, by name. */
        readonly moved: readonly string[];
        /** The one that moved most. */
        readonly histogram: Histogram;
      };
}

/** How often inputs fell into each bin: the rows of the evaluation, and the requests of a look. */
export interface Histogram {
  readonly name: string;
  readonly bins: readonly string[];
  readonly reference: readonly number[];
  readonly now: readonly number[];
}

export interface Mute {
  readonly by: Actor;
  readonly at: Instant;
  readonly until: Instant;
  readonly reason: string | null;
}

/** One person's answer to “Was this alert right?”. */
export interface AlertVote {
  readonly by: Person;
  readonly at: Instant;
  readonly isRight: boolean;
}

/** What a version is asked is normal, a person said; looks compare with that from then on. */
export interface NormalInputs {
  readonly by: Actor;
  readonly at: Instant;
  readonly version: number;
  /** The inputs since then are the normal ones. */
  readonly since: Instant;
  /** By the name of the histogram; null until the next look has read them. */
  readonly counts: InputCounts['counts'] | null;
}

/** The truth about one figure of one model going bad, from the first look to the recovery. */
export interface Alert {
  /** `<model>-<kind>-<number>`, see {@link alertId}. */
  readonly id: AlertId;
  /** Grows by one with each change; the condition of every write. */
  readonly revision: number;
  readonly model: string;
  readonly kind: AlertKind;
  /** Counts the alerts of this model and kind, from 1. */
  readonly number: number;
  readonly status: AlertStatus;
  readonly updatedAt: Instant;
  /** The newest, oldest first, starting with a few from before it opened. */
  readonly observations: readonly Observation[];
  /** The breach that opened it, and when the breaches in a row began; null while watching. */
  readonly opened: {
    readonly by: Observation;
    readonly since: Instant;
    /** What changed before, nearest first; left out in alerts from before it was kept. */
    readonly changes?: readonly PrecedingChange[];
  } | null;
  /** The worst figure since it opened. */
  readonly worst: Observation | null;
  /** Version a rollback would bring back, as of the last breach. */
  readonly rollbackTo: number | null;
  readonly acknowledged: { readonly by: Actor; readonly at: Instant } | null;
  /** Answers to “Was this alert right?”, one a person, the newest last; left out: none. */
  readonly votes?: readonly AlertVote[];
  /** Null again as soon as it is over. */
  readonly mute: Mute | null;
  /** Only of `input_drift`, and handed on to the next alert; left out: no one has said so. */
  readonly normalInputs?: NormalInputs;
  readonly ended: {
    readonly at: Instant;
    /** It ended while muted, so no message announces its end. */
    readonly silently: boolean;
    /** The version that went live instead; null for a recovery and a retirement. */
    readonly replacedBy: number | null;
    /** What was done to production since it opened; left out in alerts from before it was kept. */
    readonly actions?: readonly AlertAction[];
  } | null;
}

/** Deterministic, so that two writers never open the same alert twice. */
export function alertId(model: string, kind: AlertKind, number: number): AlertId {
  return `${model}-${kindInId(kind)}-${number}`;
}

/** The parts of an alert's id; null when it cannot be one. */
export function parseAlertId(
  id: AlertId,
): { readonly model: string; readonly kind: AlertKind; readonly number: number } | null {
  const [, before = '', digits] = /^(.+)-(\d+)$/.exec(id) ?? [];
  const kind = alertKinds.find((each) => before.endsWith(`-${kindInId(each)}`));
  if (kind === undefined) return null;
  const model = before.slice(0, -kindInId(kind).length - 1);
  return model === '' ? null : { model, kind, number: Number(digits) };
}

function kindInId(kind: AlertKind): string {
  return kind.replaceAll('_', '-');
}

/** Whether it was opened and has not ended. */
export function isOpen({ status }: Alert): boolean {
  return status === 'open' || status === 'acknowledged';
}
