import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContract, type Recipe, recipeSchema } from '../../core/python-contract.ts';

/**
 * The `recipe.json` files that the bundle carries in `recipes/<name>/`.
 * @throws {MlopsError} `CONTRACT_BROKEN` naming the invalid recipe.
 */
export function readBundledRecipes(folder: string): ReadonlyMap<string, Recipe> {
  const recipes = join(folder, 'recipes');
  return new Map(
    readdirSync(recipes).map((name) => {
      const title = `recipes/${name}/recipe.json`;
      return [
        name,
        parseContract(recipeSchema, title, readFileSync(join(folder, title), 'utf8')),
      ] as const;
    }),
  );
}
