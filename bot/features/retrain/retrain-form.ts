import type { HyperparameterSpec } from '../../../pipeline/core/python-contract.ts';
import type { Instant } from '../../../pipeline/core/run.ts';
import { truncate } from '../../blocks/escape.ts';

/** The contents of the form, with the values that apply if nothing is changed. */
export interface RetrainForm {
  readonly model: string;
  readonly models: readonly { readonly name: string; readonly title: string }[];
  /** Valid datasets, newest first; `suspicion` says why a retrain does not take one by itself. */
  readonly datasets: readonly {
    readonly version: string;
    readonly fileName: string;
    readonly rows: number | null;
    readonly usedAt: Instant;
    readonly suspicion?: string | null;
    /** Left out: one. */
    readonly files?: number;
  }[];
  /** The version in production, to whose data the dataset may be appended; left out: nothing is live. */
  readonly live?: number;
  readonly settings: readonly {
    readonly name: string;
    readonly spec: HyperparameterSpec;
    readonly value: string;
  }[];
  readonly spot: boolean;
  /** Rows that people corrected, in none of the datasets by themselves; left out: none. */
  readonly corrections?: number;
  /** Shows every setting, not only those that matter first. */
  readonly isLong?: boolean;
  readonly now: Date;
}

/** Block ids. Fields that depend on the model carry its name, so another model's values are not kept. */
export const retrainFields = {
  model: 'model',
  dataset: (model: string) => `dataset:${model}`,
  use: (model: string) => `use:${model}`,
  setting: (model: string, name: string) => truncate(`setting:${model}:${name}`, 255),
  spot: (model: string) => `spot:${model}`,
  reason: 'reason',
  action: 'value',
} as const;
