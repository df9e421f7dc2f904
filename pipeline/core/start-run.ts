import type { Actor, Dataset, Run } from './run.ts';

/** What a run is to do. `requestId` makes the command idempotent: once per id and model. */
export type StartRun = {
  readonly requestId: string;
  readonly model: string;
  readonly requestedBy: Actor;
  readonly reason: string | null;
} & (
  | {
      readonly kind: 'retrain';
      /** Null: the newest dataset of the model that is not suspect, see `dataset-standing.ts`. */
      readonly dataset: Dataset | null;
      /** Append it to the data of the version in production. */
      readonly appends?: true;
      /** Overrides as typed; checked against the recipe. */
      readonly hyperparameters: Readonly<Record<string, string>>;
      /** False: exactly these, without those that were typed for the version in production. */
      readonly inherits?: false;
      /** Spot or on-demand capacity; left out or null: as the configuration says. */
      readonly spot?: boolean | null;
      /** Commit of the repository that asks, e.g. from CI; it stands in the record and registry. */
      readonly commit?: string;
      /** A person has seen that the data differs from that of production; counts for people only. */
      readonly acceptsData?: true;
    }
  | { readonly kind: 'promote'; readonly version: number }
  /** Null: the version that was in production before the present one. */
  | { readonly kind: 'rollback'; readonly version: number | null }
  /** Removes the endpoint, as long as it serves this configuration. */
  | { readonly kind: 'retire'; readonly configName: string | null; readonly reason: string }
);

export interface StartedRun {
  readonly run: Run;
  /** False when the request had started this run before. */
  readonly isNew: boolean;
}
