import { alphaOfLook, chanceToNotice, chanceToPass, type Demands } from './looks.ts';

/** What the gate will be able to tell on these held-out rows, known before training is paid for. */
export interface GatePower {
  readonly rows: number;
  /** Chance that a candidate fails that is worse than production by `loss`. */
  readonly notices: number;
  readonly loss: number;
  /** Chance that a candidate as good as production passes. */
  readonly passesEqual: number;
  /** Where the expected difference between two models comes from: earlier runs, or a rule of thumb. */
  readonly basis: 'measured' | 'assumed';
}

type Metric = 'macro_f1' | 'accuracy';

/** The standard error of an earlier comparison, and its rows. */
export interface EarlierComparison {
  readonly standardError: number;
  readonly rows: number;
}

/** Two models of one recipe are seldom both right or both wrong on more than nine rows of ten. */
const USUAL_DISCORDANCE = 0.1;

export function expectedPower(
  policy: Demands & { readonly metric: Metric },
  {
    rows,
    look,
    earlier,
    labels,
  }: {
    readonly rows: number;
    readonly look: number;
    readonly earlier: EarlierComparison | null;
    /** Rows by label, of all rows: their shares are those of the held-out rows. */
    readonly labels: Readonly<Record<string, number>>;
  },
): GatePower {
  const standardError =
    earlier === null
      ? assumedError(policy.metric, rows, Object.values(labels))
      : earlier.standardError * Math.sqrt(earlier.rows / rows);
  return {
    rows,
    notices: chanceToNotice(policy, standardError),
    loss: policy.nonInferiorityMargin,
    passesEqual: chanceToPass(policy, standardError, alphaOfLook(look)),
    basis: earlier === null ? 'assumed' : 'measured',
  };
}

/** A mean over classes is as uncertain as its rarest ones: the mean of their variances, each d / n. */
function assumedError(metric: Metric, rows: number, labels: readonly number[]): number {
  const total = labels.reduce((sum, count) => sum + count, 0);
  const inverse = labels.reduce((sum, count) => sum + total / Math.max(count, 1), 0);
  const spread = metric === 'accuracy' || total === 0 ? 1 : inverse / labels.length ** 2;
  return Math.sqrt((USUAL_DISCORDANCE * spread) / rows);
}
