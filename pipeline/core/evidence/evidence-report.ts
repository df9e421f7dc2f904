import type { RunId } from '../run.ts';
import type { Evidence } from './evidence.ts';
import type { ChosenRow } from './flips.ts';

/** A version, or a run whose candidate may not have become one. */
export type EvidenceSubject =
  | { readonly runId: RunId }
  | { readonly model: string; readonly version: number };

/** The evidence on a candidate, and what readers have to know about it. */
export interface EvidenceReport {
  readonly model: string;
  /** The run that is about the candidate. */
  readonly runId: RunId;
  /** Null for a candidate that is not registered. */
  readonly version: number | null;
  /** What it is compared with; null when nothing was in production. */
  readonly against: number | null;
  /** `against` is in production now; otherwise it was when the candidate was evaluated. */
  readonly isProductionNow: boolean;
  readonly evidence: Evidence;
  /** Why the comparison says little or nothing, as a sentence. */
  readonly obstacle: string | null;
  /** It is not known which of the rows the compared version was trained on. */
  readonly isSeenUnknown: boolean;
  readonly contents: RowContents;
}

/** The texts or features of {@link ChosenRow}s by id, cut; only for those who may see them. */
export type RowContents =
  | { readonly status: 'shown'; readonly byId: Readonly<Record<string, string>> }
  /** The model's policy keeps them in the artifact store, or they were not asked for. */
  | { readonly status: 'policy' | 'not_asked' };
