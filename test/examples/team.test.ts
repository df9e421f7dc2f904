import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../examples/team/mlops.config.ts';
import { stages } from '../../examples/team/stages.ts';
import { durableFunctionRegions } from '../../infra/config/regions.ts';
import { parseHyperparameters } from '../../pipeline/core/hyperparameters.ts';
import { readRecipes } from '../../pipeline/local/read-recipes.ts';
import { synthesize } from '../infra/synthesized.ts';

const { serviceTemplate } = synthesize(stages.production, config);
const recipes = readRecipes(resolve(import.meta.dirname, '../../training'));

describe('examples/team', () => {
  it.each(Object.entries(config.models))('%s fits its recipe', (_, model) => {
    const recipe = recipes.get(model.recipe);
    if (recipe === undefined) throw new Error(`There is no recipe ${model.recipe}.`);

    expect(recipe.task).toBe(model.task);
    expect(() => parseHyperparameters(recipe, model.hyperparameters)).not.toThrow();
    expect(
      recipe.checkpoints || !model.training.spot || model.training.maxRuntimeMinutes <= 60,
    ).toBe(true);
    if (model.training.baseModel !== undefined) {
      expect(recipe.hyperparameters).toHaveProperty('base_model');
    }
  });

  it.each(Object.values(stages))('$name schedules known models in a confirmed Region', (stage) => {
    expect(durableFunctionRegions).toContain(stage.region);
    expect(Object.keys(config.models)).toEqual(expect.arrayContaining(Object.keys(stage.retrain)));
  });

  it('can be deployed: every scheduled model has a schedule', () => {
    const schedules = serviceTemplate.findResources('AWS::Scheduler::Schedule');
    // Besides these there are the schedules that watch and sweep.
    expect(Object.keys(schedules)).toHaveLength(Object.keys(stages.production.retrain).length + 2);
  });
});
