/** `not_comparable`: the rows cannot say which model is better, so only people may go on. */
export type VerdictOutcome = 'pass' | 'fail' | 'inconclusive' | 'not_comparable';

/** One question the gate asked. Figures are shares from 0 to 1. */
export interface Check {
  readonly name:
    | 'comparable'
    | 'unseen_rows'
    | 'minimum'
    | 'difference'
    | 'non_inferiority'
    | 'regression'
    | 'per_class'
    | 'per_slice'
    | 'anchor';
  readonly outcome: VerdictOutcome;
  /** The answer as a sentence with its figures. */
  readonly reason: string;
}

/** A paired difference, candidate minus production, with its two-sided 90 % interval. */
export interface Difference {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Left out in verdicts from before it was kept. */
  readonly standardError?: number;
}

/** How often the held-out rows have been used, and what that leaves for this look. */
export interface Look {
  /** From 1; looks at held-out sets that share rows count by the share. */
  readonly number: number;
  /** One-sided error that this look may make. */
  readonly alpha: number;
  /** Chance that a candidate as good as production passes on the next look, and on fresh rows. */
  readonly nextChance: number | null;
  readonly freshChance: number | null;
}

export interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly checks: readonly Check[];
  /** Null when there is no production model to compare with. */
  readonly difference: Difference | null;
  /**
   * Held-out rows that production was trained on, exactly or nearly, which the comparison leaves out,
   * and those that it is made on. Left out when there are none of the first, or that is not known.
   */
  readonly leftOut?: { readonly seen: number; readonly compared: number };
  /** Rows where exactly one of the two models is right. */
  readonly discordant: { readonly candidateOnly: number; readonly productionOnly: number } | null;
  /** Held-out rows that would settle an inconclusive comparison (80 % power); null when settled. */
  readonly rowsNeeded: number | null;
  /** Left out in verdicts from before looks were counted. */
  readonly look?: Look;
  /**
   * The best version so far, where that is not production: no candidate may fall behind it unnoticed.
   * Left out when it is production, or when there was none. `difference` is candidate − anchor.
   */
  readonly anchor?: { readonly version: number; readonly difference: Difference | null };
  /** Candidate − baseline on the same rows; decides nothing. Left out where no baseline answered. */
  readonly baseline?: Difference;
  /** Whether the gate only says what it thinks and blocks nothing (`gate.mode`). */
  readonly isAdvisory?: boolean;
}

/** Whether the gate ends the run. */
export function isBlocking(verdict: Verdict | null): boolean {
  return verdict?.outcome === 'fail' && verdict.isAdvisory !== true;
}

/**
 * Whether approving the candidate accepts a loss that may be larger than the margin: it has or might
 * have fallen behind the best version, or nothing can tell.
 */
export function acceptsLoss(verdict: Verdict | null): boolean {
  if (verdict === null) return false;
  const isBehind = ({ name, outcome }: Check) => name === 'anchor' && outcome !== 'pass';
  return verdict.outcome === 'not_comparable' || verdict.checks.some(isBehind);
}

/** Rows that have judged so often that an equal candidate is more likely held up than passed. */
export function needsFreshRows({ look }: Verdict): boolean {
  if (look?.nextChance == null || look.freshChance == null) return false;
  return look.nextChance < 0.5 && look.freshChance - look.nextChance > 0.1;
}

/** Every reason as a sentence, the decisive ones first. */
export function reasonsOf(verdict: Verdict): readonly string[] {
  const rank = { fail: 0, not_comparable: 1, inconclusive: 2, pass: 3 } as const;
  return [...verdict.checks]
    .sort((a, b) => rank[a.outcome] - rank[b.outcome])
    .map((check) => check.reason);
}
