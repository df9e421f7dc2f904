import type { DataAction } from './data-policy.ts';

export type DataChangeKind =
  | 'labels'
  | 'relabelled'
  | 'shrank'
  | 'columns'
  | 'shares'
  | 'text_length'
  | 'missing';

/** One difference between the data of a run and that of the version in production. */
export interface DataChange {
  readonly kind: DataChangeKind;
  readonly action: DataAction;
  /** Too small to be more than mentioned. */
  readonly isMinor: boolean;
  /** A sentence with its numbers. */
  readonly reason: string;
}

/** A difference before it is known what follows from it. */
export type DataDifference = Omit<DataChange, 'action'>;

/** How the data of a run differs from the data of production, the decisive differences first. */
export interface DataChanges {
  /** The version in production. */
  readonly against: number;
  /** What follows from all differences together. */
  readonly action: DataAction;
  readonly changes: readonly DataChange[];
}
