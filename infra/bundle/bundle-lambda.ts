import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { parseContract, recipeSchema } from '../../pipeline/core/python-contract.ts';
import { checkedConfig } from './checked-config.ts';
import { type LambdaName, lambdaEntries } from './entries.ts';
import { recipesIn } from './recipes.ts';
import { slim } from './slim.ts';

export interface LambdaBundle {
  readonly name: LambdaName;
  /** Deployed unchanged as the function's code. */
  readonly folder: string;
  readonly metafile: Metafile;
}

/** CommonJS packages call `require`, which does not exist in an ES module. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** How every function is bundled, and the peer that bench/slack-door.ts compares with. */
export const bundling: BuildOptions = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Only the ES module builds of the SDKs can be tree-shaken.
  mainFields: ['module', 'main'],
  conditions: ['module', 'import', 'node'],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'utf8',
  banner: { js: banner },
  logLevel: 'error',
};

/** Bundles one function into `<out>/<name>`; the same sources produce the same bytes. */
export async function bundleLambda(options: {
  readonly name: LambdaName;
  readonly root: string;
  readonly out: string;
}): Promise<LambdaBundle> {
  const { name, root, out } = options;
  const { entry, withRecipes } = lambdaEntries[name];
  const folder = join(out, name);
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundling,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: folder,
    plugins: [slim, checkedConfig(root)],
    metafile: true,
  });
  if (withRecipes) await copyRecipes(root, folder);
  await writeFile(join(out, `${name}.meta.json`), JSON.stringify(metafile));
  return { name, folder, metafile };
}

/**
 * Writes every recipe to `recipes/<name>/recipe.json`, where `readBundledRecipes` reads it.
 * @throws {MlopsError} `CONTRACT_BROKEN` naming the invalid recipe.
 */
async function copyRecipes(root: string, folder: string): Promise<void> {
  for (const recipe of recipesIn(root)) {
    const source = join(recipe, 'recipe.json');
    const checked = parseContract(recipeSchema, source, await readFile(source, 'utf8'));
    const target = join(folder, 'recipes', basename(recipe));
    await mkdir(target, { recursive: true });
    await writeFile(join(target, 'recipe.json'), JSON.stringify(checked));
  }
}
