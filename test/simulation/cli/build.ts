import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from '../mutants/mutants.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles the worker of the simulation, with the defect of a mutant if one is given, and returns the
 * file. It lies in `node_modules`, where packages are found from.
 *
 * @throws when the text that the mutant replaces does not occur exactly once in its file.
 */
export async function buildWorker(mutant: Mutant | null): Promise<string> {
  const name = mutant === null ? 'product' : mutant.name.replaceAll(/[^a-z0-9]+/gi, '-');
  const outfile = join(root, 'node_modules', '.cache', 'simulation', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/cli/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    plugins: [packagesStayOutside, ...(mutant === null ? [] : [applyMutant(mutant)])],
  });
  return outfile;
}

/** All but those of this repository, which are TypeScript. */
const packagesStayOutside: Plugin = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('@mlops-bot/') ? undefined : { path, external: true },
    );
  },
};

function applyMutant({ name, file, find, replace }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup({ onLoad }) {
      const path = join(root, file);
      onLoad({ filter: /\.ts$/ }, (loaded) => {
        if (loaded.path !== path) return undefined;
        const parts = readFileSync(path, 'utf8').split(find);
        if (parts.length !== 2) {
          throw new Error(`Mutant “${name}”: ${file} has its text ${parts.length - 1} times.`);
        }
        return { contents: parts.join(replace), loader: 'ts' };
      });
    },
  };
}
