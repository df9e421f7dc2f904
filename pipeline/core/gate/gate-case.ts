import type { GatePolicy } from '../config.ts';
import type { Vocabularies } from './comparability.ts';
import type { Predictions } from './predictions.ts';
import type { SeenRows } from './seen-rows.ts';

/** What the gate decides on. */
export interface GateCase {
  readonly policy: GatePolicy;
  readonly predictions: Predictions;
  /** Why a model that was asked has no answers. */
  readonly unanswered: {
    readonly production?: string | undefined;
    readonly anchor?: string | undefined;
  };
  /** The version the candidate would replace; null when nothing is in production. */
  readonly production: number | null;
  /** The best version so far, where that is not production; otherwise null. */
  readonly anchor: number | null;
  readonly vocabularies: Vocabularies;
  readonly seen?: SeenRows;
  /** How often these rows have judged, this time included. */
  readonly look: number;
}
