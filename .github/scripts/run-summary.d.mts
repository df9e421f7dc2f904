/** The parts of a run's record that the summary shows. */
export interface SummarizedRun {
  readonly id: string;
  readonly model: string;
  readonly outcome: string | null;
  readonly approval: { readonly outcome: string | null } | null;
  readonly verdict: {
    readonly outcome: string;
    readonly checks: readonly { readonly outcome: string; readonly reason: string }[];
  } | null;
  readonly version: number | null;
  readonly failure: { readonly message: string; readonly hint: string | null } | null;
}

export function verdictOf(run: SummarizedRun): 'running' | 'good' | 'bad';
export function summaryOf(run: SummarizedRun): string;
