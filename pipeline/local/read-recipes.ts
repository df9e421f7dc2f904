import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContract, type Recipe, recipeSchema } from '../core/python-contract.ts';

/**
 * Every recipe under `training/recipes` by its folder name.
 * @throws {MlopsError} `CONTRACT_BROKEN` naming the recipe whose `recipe.json` is invalid.
 */
export function readRecipes(trainingFolder: string): ReadonlyMap<string, Recipe> {
  const folder = join(trainingFolder, 'recipes');
  return new Map(
    readdirSync(folder)
      .sort()
      .filter((name) => existsSync(join(folder, name, 'recipe.json')))
      .map((name) => {
        const file = join(folder, name, 'recipe.json');
        const title = `training/recipes/${name}/recipe.json`;
        return [name, parseContract(recipeSchema, title, readFileSync(file, 'utf8'))];
      }),
  );
}
