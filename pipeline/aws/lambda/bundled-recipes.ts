import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from '../../core/python-contract.ts';

/** The `recipe.json` files that the bundle carries in `recipes/<name>/`, checked when it was built. */
export function readBundledRecipes(folder: string): ReadonlyMap<string, Recipe> {
  const recipes = join(folder, 'recipes');
  return new Map(
    readdirSync(recipes).map((name) => {
      const recipe: Recipe = JSON.parse(readFileSync(join(recipes, name, 'recipe.json'), 'utf8'));
      return [name, recipe] as const;
    }),
  );
}
