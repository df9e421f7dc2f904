import { work } from '../../infra/cost/profile.ts';
import type { Config, ModelConfig } from '../../pipeline/core/config.ts';
import { prices } from '../../pipeline/core/pricing.ts';

/** Requests, storage and functions; far less than a machine for a minute. */
const REST_USD = 0.01;

/** What the smoke test is expected to cost in USD, and the most if every job ran into its limit. */
export interface SmokeCost {
  readonly expected: number;
  readonly most: number;
}

/**
 * The model whose training machine costs least, of those with a known price; null when there is none.
 */
export function cheapestModel({ models }: Pick<Config, 'models'>): string | null {
  const priced = Object.entries(models).filter(([, model]) => hourOf(model) !== null);
  const [cheapest] = priced.sort(([, a], [, b]) => (hourOf(a) ?? 0) - (hourOf(b) ?? 0));
  return cheapest?.[0] ?? null;
}

/** On demand: one training and one evaluation; null when the machine has no known price. */
export function smokeCost(model: ModelConfig): SmokeCost | null {
  const training = hourOf(model);
  const evaluation = prices.instanceHour[work.evaluationInstance];
  if (training === null || evaluation === undefined) return null;
  const { instanceType, maxRuntimeMinutes } = model.training;
  const minutes = work.trainingMinutes[instanceType] ?? work.otherTrainingMinutes;
  return {
    expected: (minutes * training + work.evaluationMinutes * evaluation) / 60 + REST_USD,
    most: (maxRuntimeMinutes * (training + evaluation)) / 60 + REST_USD,
  };
}

function hourOf({ training }: ModelConfig): number | null {
  return prices.instanceHour[training.instanceType] ?? null;
}
