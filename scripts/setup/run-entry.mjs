// Plain JavaScript on Node's own modules: this runs before anything is installed.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { explainConfigAndExit } from './config-error.mjs';
import { installNodePackages } from './node-packages.mjs';
import { requireNode } from './node-version.mjs';
import { prepareEnvironment } from './prepare-environment.mjs';
import { explainAndExit, SetupError } from './setup-error.mjs';
import { ensureTestTools } from './test-tools.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const packages = () => prepareEnvironment(root);
const packagesAndBrowser = async () => {
  await prepareEnvironment(root, { development: true });
  process.env.CHROMIUM_PATH = await ensureChromium();
};
const toolsForAws = async () => {
  await prepareEnvironment(root, { development: true });
  const unchecked = await ensureTestTools(root);
  if (unchecked !== null) throw new SetupError(unchecked, 'The drill needs moto_server.');
};
/** For what runs no Python, so that a deployment does not install PyTorch. */
const nodePackages = async () => {
  requireNode();
  await installNodePackages(root);
};
/** For a command that should answer at once in a checkout that is set up. */
const nothing = () => {};
const cliErrors = 'infra/cli/cli-error.ts';

/**
 * What `run.mjs` can run: the set-up it needs, its module, the function called with `(root,
 * arguments, environment)`, and the module that explains its expected errors, if it has any.
 */
export const entries = {
  start: { setUp: packages, module: 'bot/local/main.ts', call: 'main' },
  demo: { setUp: packages, module: 'scripts/demo/main.ts', call: 'main' },
  gallery: { setUp: packages, module: 'bot/gallery/main.ts', call: 'main' },
  screenshots: { setUp: packagesAndBrowser, module: 'scripts/screenshots/main.ts', call: 'main' },
  drill: { setUp: toolsForAws, module: 'test/aws/drill/main.ts', call: 'main' },
  simulate: { setUp: packages, module: 'test/simulation/main.ts', call: 'main' },
  bench: { setUp: packages, module: 'bench/run.ts', call: 'main' },
  synth: { setUp: nodePackages, module: 'infra/cli/synth.ts', call: 'synth', errors: cliErrors },
  deploy: { setUp: nodePackages, module: 'infra/cli/deploy.ts', call: 'deploy', errors: cliErrors },
  destroy: {
    setUp: nodePackages,
    module: 'infra/cli/destroy.ts',
    call: 'destroy',
    errors: cliErrors,
  },
  cost: { setUp: nodePackages, module: 'infra/cli/cost.ts', call: 'cost', errors: cliErrors },
  smoke: { setUp: nodePackages, module: 'scripts/smoke/main.ts', call: 'smoke', errors: cliErrors },
  mlops: { setUp: nothing, module: 'scripts/mlops/main.ts', call: 'main' },
};

/** Runs an entry in this process, so that signals and exit codes need no forwarding. */
export async function runEntry(name, args) {
  if (!Object.hasOwn(entries, name)) {
    const names = Object.keys(entries).join(', ');
    process.stderr.write(`There is no entry “${name}”; the entries are ${names}.\n`);
    process.exit(2);
  }
  const { setUp, module, call, errors } = entries[name];
  await Promise.resolve(setUp()).catch(explainAndExit);
  const { register } = await import('tsx/esm/api');
  register();
  const entry = await load(module).catch(explainConfigAndExit);
  const explain = errors === undefined ? rethrow : (await load(errors)).explainAndExit;
  await entry[call](root, args, process.env).catch(explain);
}

const load = (module) => import(pathToFileURL(join(root, module)).href);

function rethrow(error) {
  throw error;
}
