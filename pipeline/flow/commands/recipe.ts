import { MlopsError } from '../../core/errors.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Recipe } from '../../core/python-contract.ts';
import type { FlowDeps } from '../flow-deps.ts';

/** @throws {MlopsError} `MODEL_UNKNOWN`; `CONFIG_INVALID` when the model names a missing recipe. */
export function recipeOf(deps: Pick<FlowDeps, 'config' | 'recipes'>, model: string): Recipe {
  const name = modelConfig(deps.config, model).recipe;
  const recipe = deps.recipes.get(name);
  if (recipe !== undefined) return recipe;
  throw new MlopsError(
    'CONFIG_INVALID',
    `models.${model}.recipe names “${name}”, which does not exist.`,
    {
      hint: `training/recipes contains: ${[...deps.recipes.keys()].join(', ')}.`,
    },
  );
}
