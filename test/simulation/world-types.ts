import type { Violation } from './invariants/violation.ts';

export interface WorldOptions {
  readonly seed: number;
  /** Most runs that people may start. */
  readonly mostRuns: number;
  /** Over the local engine, unless it is `aws`: then over AWS's own test runner. */
  readonly engine?: 'local' | 'aws';
  /** Only what strikes both engines in the same way, see `drawWeather`. */
  readonly isComparable?: boolean;
  /** Ids of disturbances that do not happen, see `createChoices`. */
  readonly without?: ReadonlySet<string>;
}

export interface WorldResult {
  readonly seed: number;
  /** Runs that were started. */
  readonly runs: number;
  readonly violations: readonly Violation[];
  /** What went wrong on purpose, in order. */
  readonly disturbances: readonly string[];
  /** What happened, a line each, with the time since the beginning. */
  readonly trace: readonly string[];
  /** How each run ended, and what serves. */
  readonly outcomes: readonly string[];
  /** Of a comparable world, the durable state at the end, as far as engines must agree on it. */
  readonly state: readonly string[];
}
