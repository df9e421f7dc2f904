export interface BackOff {
  /** Failures in a row, from 1. */
  readonly failures: number;
  /** Pause after the first failure; it doubles with each further one. */
  readonly first: number;
  readonly longest: number;
  /** From 0 to 1: takes up to half of the pause away, so that processes do not retry together. */
  readonly random: number;
}

/** How long to pause before the next try, in the unit of `first` and `longest`. */
export function backOff({ failures, first, longest, random }: BackOff): number {
  return Math.min(longest, first * 2 ** (failures - 1)) * (0.5 + random / 2);
}
