import type { DataChanges } from '../../pipeline/core/data-contract/data-changes.ts';
import type { Difference, Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Evaluation } from '../../pipeline/core/python-contract.ts';
import type { Dataset, RunKind } from '../../pipeline/core/run.ts';

/** What is special about a sample run; what is left out is as usual. */
export interface SampleOptions {
  readonly runId?: string;
  readonly kind?: RunKind;
  readonly model?: string;
  readonly dataset?: Dataset | null;
  readonly labels?: readonly string[];
  readonly outcome?: Verdict['outcome'];
  /** Left out: a typical verdict with that outcome. */
  readonly verdict?: Verdict;
  readonly firstVersion?: boolean;
  readonly approvers?: readonly string[];
  readonly quorum?: number;
  readonly interrupted?: boolean;
  readonly reason?: string | null;
  readonly hyperparameters?: Readonly<Record<string, string | number | boolean>>;
  /** How the data differs from that of production; left out: not at all. */
  readonly changes?: DataChanges;
  /** What was fitted beside the candidate, and the difference from it; left out: nothing. */
  readonly baseline?: {
    readonly result: NonNullable<Evaluation['baseline']>;
    readonly difference?: Difference;
  };
}
