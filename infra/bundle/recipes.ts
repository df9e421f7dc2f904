import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of all recipes, sorted. */
export function recipesIn(root: string): readonly string[] {
  const folder = join(root, 'training', 'recipes');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((recipe) => existsSync(join(recipe, 'recipe.json')));
}
