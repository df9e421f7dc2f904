import type { Invariant } from '../invariants/violation.ts';

/** One line of the product replaced by a defect that somebody might write. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Any of these must be seen to break. */
  readonly breaks: readonly Invariant[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'an expired approval counts',
    file: 'pipeline/core/apply-event/approval.ts',
    find: 'if (approval.expiresAt !== null && decision.at >= approval.expiresAt) return run;',
    replace: '',
    breaks: ['approved'],
  },
];
