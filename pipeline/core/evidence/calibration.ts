import { shareOf } from './interval.ts';

const BINS = 10;
/** A score above this says that the answer is certain. */
export const SURE = 0.99;

/** Whether the scores of a model mean what they say. */
export interface Calibration {
  /**
   * Expected calibration error over 10 bins of equal width (Guo et al. 2017, "On Calibration of Modern
   * Neural Networks"): the distance of a bin's mean score from its share of right answers, averaged
   * over the rows. 0 is perfect.
   */
  readonly expectedError: number;
  readonly meanScore: number;
  readonly errors: number;
  /** Wrong answers with a score above {@link SURE}. */
  readonly sureErrors: number;
  /** The mean score lies above the 95 % interval of the accuracy. */
  readonly isOverConfident: boolean;
}

/** Null where there are no scores, or no rows. */
export function calibrationOf(
  truth: readonly string[],
  answers: readonly string[],
  scores: readonly number[] | null | undefined,
): Calibration | null {
  if (scores == null || truth.length === 0) return null;
  const bins = Array.from({ length: BINS }, () => ({ rows: 0, right: 0, scores: 0 }));
  let sureErrors = 0;
  for (let row = 0; row < truth.length; row++) {
    const score = scores[row] ?? Number.NaN;
    const bin = bins[Math.min(BINS - 1, Math.floor(score * BINS))];
    if (bin === undefined) return null;
    const isRight = answers[row] === truth[row];
    bin.rows += 1;
    bin.scores += score;
    if (isRight) bin.right += 1;
    else if (score > SURE) sureErrors += 1;
  }
  const rows = truth.length;
  const right = bins.reduce((sum, bin) => sum + bin.right, 0);
  const meanScore = bins.reduce((sum, bin) => sum + bin.scores, 0) / rows;
  return {
    expectedError: bins.reduce((sum, bin) => sum + Math.abs(bin.scores - bin.right), 0) / rows,
    meanScore,
    errors: rows - right,
    sureErrors,
    isOverConfident: meanScore > (shareOf(right, rows)?.upper ?? 1),
  };
}
