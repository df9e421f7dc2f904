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

/** Rows of one class, and how often production gets them wrong where that is known. */
export interface ExpectedClass {
  /** Of all rows. */
  readonly share: number;
  readonly wrong: number | null;
}

/** Without records: two models of one recipe seldom differ on more than one row of ten. */
const USUAL_DISCORDANCE = 0.1;

export function expectedPower(
  policy: Demands & { readonly metric: Metric },
  {
    rows,
    look,
    earlier,
    classes,
  }: {
    readonly rows: number;
    readonly look: number;
    readonly earlier: EarlierComparison | null;
    readonly classes: readonly ExpectedClass[];
  },
): GatePower {
  const standardError =
    earlier === null
      ? assumedError(policy.metric, rows, classes)
      : earlier.standardError * Math.sqrt(earlier.rows / rows);
  return {
    rows,
    notices: chanceToNotice(policy, standardError),
    loss: policy.nonInferiorityMargin,
    passesEqual: chanceToPass(policy, standardError, alphaOfLook(look)),
    basis: earlier === null ? 'assumed' : 'measured',
  };
}

/**
 * Two models of one recipe differ on about as many rows of a class as production gets wrong. For
 * macro-F1 each such row moves the F1 of its own class by 1 / 2n and that of the class it is mistaken
 * for, so rare classes weigh most.
 */
function assumedError(metric: Metric, rows: number, classes: readonly ExpectedClass[]): number {
  const variance = classes.reduce((sum, each) => {
    const discordant = each.share * rows * (each.wrong ?? USUAL_DISCORDANCE);
    const moved = metric === 'accuracy' ? 1 / rows : movedF1(each, classes) / rows;
    return sum + discordant * moved ** 2;
  }, 0);
  return Math.sqrt(variance);
}

/** By how much one row of this class moves macro-F1, times all rows. */
function movedF1(own: ExpectedClass, classes: readonly ExpectedClass[]): number {
  const others = classes.filter((each) => each !== own);
  const rest = others.reduce((sum, { share }) => sum + share, 0);
  // A mistaken row falls on the other classes by their share: share / rest · 1 / 2n of each.
  const taken = rest === 0 ? 0 : others.length / (2 * rest);
  return (1 / (2 * own.share) + taken) / classes.length;
}
