import { BASE_MODEL, toBaseModelPrefix } from '../core/base-model.ts';
import { MlopsError } from '../core/errors.ts';
import { modelConfig, modelHyperparameters } from '../core/model-config.ts';
import type { Run } from '../core/run.ts';
import { givenSettings } from '../core/run-settings.ts';
import { recipeOf } from './commands/recipe.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * The artifact prefix of the pretrained model a run starts from; null when it starts from none, or
 * from one of the hub. Checked before the job: a machine without a model is still billed.
 *
 * @throws {MlopsError} `BASE_MODEL_MISSING`; `CONFIG_INVALID` for a recipe that would not read it.
 */
export async function findBaseModel(
  deps: Pick<FlowDeps, 'artifacts' | 'config' | 'recipes'>,
  run: Pick<Run, 'model' | 'hyperparameters' | 'settings'>,
): Promise<string | null> {
  const { model } = run;
  const given = givenSettings(run);
  const settings = modelConfig(deps.config, model);
  const prefix = toBaseModelPrefix({ ...modelHyperparameters(settings), ...given }[BASE_MODEL]);
  if (prefix === null) return null;
  const setting = BASE_MODEL in given ? BASE_MODEL : `models.${model}.training.baseModel`;
  const recipe = recipeOf(deps, model);
  if (!Object.hasOwn(recipe.hyperparameters, BASE_MODEL)) {
    throw new MlopsError(
      'CONFIG_INVALID',
      `${setting} is set, but the recipe “${recipe.name}” does not start from another model.`,
      { hint: `Remove it from mlops.config.ts, or declare ${BASE_MODEL} in its recipe.json.` },
    );
  }
  if ((await deps.artifacts.list(prefix)).length > 0) return prefix;
  throw new MlopsError('BASE_MODEL_MISSING', `There are no files in ${prefix} (${setting}).`, {
    hint: `Copy the model there: aws s3 cp --recursive <folder> s3://<bucket>/${prefix} on AWS, or cp -r <folder>/. data/artifacts/${prefix} on this machine.`,
  });
}
