import { MlopsError } from '../core/errors.ts';
import { modelConfig } from '../core/model-config.ts';
import { recipeOf } from './commands/recipe.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * The longest a job without checkpoints may run on Spot, in minutes. SageMaker has the same limit
 * for its own algorithms that write none (`MaxWaitTimeInSeconds` of 3600).
 */
const MINUTES_WITHOUT_CHECKPOINTS = 60;

/**
 * Refuses a long Spot job that would start over after every interruption and might never end.
 *
 * @throws {MlopsError} `CONFIG_INVALID`
 */
export function requireCheckpoints(
  deps: Pick<FlowDeps, 'config' | 'recipes'>,
  { model, spot }: { readonly model: string; readonly spot: boolean },
): void {
  const { maxRuntimeMinutes } = modelConfig(deps.config, model).training;
  if (!spot || maxRuntimeMinutes <= MINUTES_WITHOUT_CHECKPOINTS) return;
  const recipe = recipeOf(deps, model);
  if (recipe.checkpoints) return;
  throw new MlopsError(
    'CONFIG_INVALID',
    `models.${model}.training.maxRuntimeMinutes is ${maxRuntimeMinutes}, but the recipe “${recipe.name}” saves no checkpoints: on Spot, every interruption would start it over.`,
    {
      hint: `Set training.spot to false, or training.maxRuntimeMinutes to at most ${MINUTES_WITHOUT_CHECKPOINTS}, in mlops.config.ts.`,
    },
  );
}
