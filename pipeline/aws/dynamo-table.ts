// The one table of the product. Every access is a point read or a query of one partition:
//
//   what       pk                        sk                     written
//   run        RUN#<run id>              RUN                    conditional on `revision`
//   callback   RUN#<run id>              WAKEUP
//   lease      LEASE#<model>             LEASE                  conditional on the holder
//   document   DOC#<id>                  DOCUMENT               conditional on `revision`
//   preference PREFERENCE#<person>       PREFERENCE             conditional on `revision`
//   alert      INCIDENT#<model>#<kind>   number, six digits     conditional on `revision`
//   audit      AUDIT#<entry id>          AUDIT                  once
//   gate       GATE#<model>              GATE                   conditional on `revision`
//
// Two sparse indexes list what has the attributes of their keys, newest first. They hold keys and
// `deployed` only and answer "which"; the table, read consistently, answers "what".
//
//   index     hash         range          of a run            an opened alert         an entry
//   byState   state        createdOrder   active | ended      INCIDENT#open | #ended     AUDIT
//   byModel   modelState   createdOrder   <model>#<state>     INCIDENT#<model>#<state>   AUDIT#<model>

import { type Alert, isOpen, parseAlertId } from '../core/alert/alert.ts';
import { deployedVersion, hasEnded, type Run, type RunId } from '../core/run.ts';

/** What the infrastructure creates; attribute types are all `S`. */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [
    { name: 'byState', partitionKey: 'state', sortKey: 'createdOrder', include: ['deployed'] },
    { name: 'byModel', partitionKey: 'modelState', sortKey: 'createdOrder', include: ['deployed'] },
  ],
} as const;

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** By which the indexes find an item. */
export interface IndexKeys {
  readonly state: string;
  readonly modelState: string;
  readonly createdOrder: string;
}

/** A record as JSON, so that it comes back exactly as it was written. */
export interface RecordItem extends ItemKey {
  readonly revision: number;
  readonly document: string;
}

/** `deployed` is the version the run left live, absent when there is none. */
export interface RunItem extends RecordItem, IndexKeys {
  readonly deployed?: number;
}

export interface CallbackItem extends ItemKey {
  readonly callbackId: string;
}

export interface LeaseItem extends ItemKey {
  readonly runId: RunId;
}

export const itemKeys = {
  run: (id: RunId): ItemKey => ({ pk: `RUN#${id}`, sk: 'RUN' }),
  callback: (id: RunId): ItemKey => ({ pk: `RUN#${id}`, sk: 'WAKEUP' }),
  lease: (model: string): ItemKey => ({ pk: `LEASE#${model}`, sk: 'LEASE' }),
  document: (id: string): ItemKey => ({ pk: `DOC#${id}`, sk: 'DOCUMENT' }),
  preference: (userId: string): ItemKey => ({ pk: `PREFERENCE#${userId}`, sk: 'PREFERENCE' }),
  gateLedger: (model: string): ItemKey => ({ pk: `GATE#${model}`, sk: 'GATE' }),
  audit: (id: string): ItemKey => ({ pk: `AUDIT#${id}`, sk: 'AUDIT' }),
  alert: ({ model, kind, number }: Pick<Alert, 'model' | 'kind' | 'number'>): ItemKey => ({
    pk: alertPartition(model, kind),
    sk: String(number).padStart(6, '0'),
  }),
} as const;

export function alertPartition(model: string, kind: string): string {
  return `INCIDENT#${model}#${kind}`;
}

/** Where the alert of an id is; null when no alert can have it. */
export function alertKeyOf(id: string): ItemKey | null {
  const parts = parseAlertId(id);
  return parts === null ? null : itemKeys.alert(parts);
}

/** A part of an index: hash key and value. Model names have no upper case, so no two parts meet. */
export interface IndexPart {
  readonly index: 'byState' | 'byModel';
  readonly attribute: 'state' | 'modelState';
  readonly value: string;
}

export const indexParts = {
  runs: (state: 'active' | 'ended', model: string | undefined): IndexPart =>
    model === undefined ? byState(state) : byModel(`${model}#${state}`),
  alerts: (state: 'open' | 'ended', model: string | undefined): IndexPart =>
    model === undefined ? byState(`INCIDENT#${state}`) : byModel(`INCIDENT#${model}#${state}`),
  audit: (model: string | undefined): IndexPart =>
    model === undefined ? byState('AUDIT') : byModel(`AUDIT#${model}`),
} as const;

const byState = (value: string) => ({ index: 'byState', attribute: 'state', value }) as const;
const byModel = (value: string) => ({ index: 'byModel', attribute: 'modelState', value }) as const;

/** Where a run stands in its parts of the indexes. */
export function createdOrder({ createdAt, id }: Pick<Run, 'createdAt' | 'id'>): string {
  return `${createdAt}#${id}`;
}

export function toRunItem(run: Run): RunItem {
  const state = hasEnded(run) ? 'ended' : 'active';
  const deployed = deployedVersion(run);
  return {
    ...itemKeys.run(run.id),
    state,
    modelState: indexParts.runs(state, run.model).value,
    createdOrder: createdOrder(run),
    ...(deployed === null ? {} : { deployed }),
    revision: run.revision,
    document: JSON.stringify(run),
  };
}

/** One that never opened is in no list. */
export function toAlertItem(alert: Alert): RecordItem & Partial<IndexKeys> {
  const { model, opened, revision, id } = alert;
  const state = isOpen(alert) ? 'open' : 'ended';
  return {
    ...itemKeys.alert(alert),
    ...(opened === null
      ? {}
      : {
          state: indexParts.alerts(state, undefined).value,
          modelState: indexParts.alerts(state, model).value,
          createdOrder: `${opened.by.at}#${id}`,
        }),
    revision,
    document: JSON.stringify(alert),
  };
}
