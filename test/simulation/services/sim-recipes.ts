import type { Recipe } from '../../../pipeline/core/python-contract.ts';

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the simulation.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

export const simulatedRecipes: ReadonlyMap<string, Recipe> = new Map([[recipe.name, recipe]]);
