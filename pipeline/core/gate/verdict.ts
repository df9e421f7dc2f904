export type VerdictOutcome = 'pass' | 'fail' | 'inconclusive';

/** One question the gate asked. Figures are shares from 0 to 1. */
export interface Check {
  readonly name: 'minimum' | 'difference' | 'non_inferiority' | 'regression' | 'per_class';
  readonly outcome: VerdictOutcome;
  /** The answer as a sentence with its figures. */
  readonly reason: string;
}

/** A paired difference, candidate minus production, with its two-sided 90 % interval. */
export interface Difference {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly checks: readonly Check[];
  /** Null when there is no production model to compare with. */
  readonly difference: Difference | null;
  /** Rows where exactly one of the two models is right. */
  readonly discordant: { readonly candidateOnly: number; readonly productionOnly: number } | null;
  /** Held-out rows that would settle an inconclusive comparison (80 % power); null when settled. */
  readonly rowsNeeded: number | null;
}

/** Every reason as a sentence, the decisive ones first. */
export function reasonsOf(verdict: Verdict): readonly string[] {
  const rank = { fail: 0, inconclusive: 1, pass: 2 } as const;
  return [...verdict.checks]
    .sort((a, b) => rank[a.outcome] - rank[b.outcome])
    .map((check) => check.reason);
}
