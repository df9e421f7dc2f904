import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
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
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: folder,
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
    plugins: [slim],
    metafile: true,
    logLevel: 'error',
  });
  if (withRecipes) await copyRecipes(root, folder);
  await writeFile(join(out, `${name}.meta.json`), JSON.stringify(metafile));
  return { name, folder, metafile };
}

/** Copies every `recipe.json` to `recipes/<name>/`, where `readBundledRecipes` reads it. */
async function copyRecipes(root: string, folder: string): Promise<void> {
  for (const recipe of recipesIn(root)) {
    const target = join(folder, 'recipes', basename(recipe));
    await mkdir(target, { recursive: true });
    await cp(join(recipe, 'recipe.json'), join(target, 'recipe.json'));
  }
}
