// Apart from the schema in config.ts, so that reading a setting does not load a schema library.
import { BASE_MODEL } from './base-model.ts';
import type { Config, ModelConfig } from './config.ts';
import { defaultServing } from './default-serving.ts';
import { MlopsError } from './errors.ts';

/** The values for every run of a model, unless one is given for a run. */
export function modelHyperparameters({
  hyperparameters,
  training,
}: Pick<ModelConfig, 'hyperparameters' | 'training'>): ModelConfig['hyperparameters'] {
  return training.baseModel === undefined
    ? hyperparameters
    : { ...hyperparameters, [BASE_MODEL]: training.baseModel };
}

/** How the model is served; by default values where the configuration no longer has it. */
export function servingOf(config: Config, model: string): ModelConfig['serving'] {
  return hasModel(config, model) ? modelConfig(config, model).serving : defaultServing;
}

export function hasModel(config: Config, model: string): boolean {
  return Object.hasOwn(config.models, model);
}

/** @throws {MlopsError} `MODEL_UNKNOWN` when the configuration has no such model. */
export function modelConfig(config: Config, model: string): ModelConfig {
  const found = Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  if (found === undefined) {
    throw new MlopsError('MODEL_UNKNOWN', `There is no model “${model}”.`, {
      hint: `The models are: ${Object.keys(config.models).join(', ')}.`,
    });
  }
  return found;
}
