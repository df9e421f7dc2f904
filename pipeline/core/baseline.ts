import type { TaskType } from './config.ts';
import type { Difference } from './gate/verdict.ts';

/** Baselines that `training/evaluation/baseline.py` knows. */
export type Baseline = 'tfidf' | 'gradient_boosting' | 'majority';

/** The model fitted in seconds that a candidate is shown beside; a candidate never beside its like. */
export function baselineFor({
  task,
  recipe,
  hyperparameters,
}: {
  readonly task: TaskType;
  readonly recipe: string;
  /** Those the candidate was trained with. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}): Baseline {
  if (task === 'text-classification') return recipe === 'tfidf' ? 'majority' : 'tfidf';
  return recipe === 'tabular' && hyperparameters.algorithm === 'gradient_boosting'
    ? 'majority'
    : 'gradient_boosting';
}

/** Whether a difference from the baseline proves either to be better (90 % interval, two-sided). */
export function standingOf({ lower, upper }: Difference): 'better' | 'level' | 'worse' {
  if (lower > 0) return 'better';
  return upper < 0 ? 'worse' : 'level';
}
