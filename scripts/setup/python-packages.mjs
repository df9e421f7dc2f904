import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './run-visibly.mjs';
import { SetupError } from './setup-error.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/** What every job needs, and what only this machine installs (training/README.md, Packages). */
const requirementNames = ['requirements.txt', 'requirements-onnx.txt'];
const candidates = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];

/** Installs the pinned requirements of every recipe into `.venv`, once per content of the files. */
export async function installPythonPackages(root, { development }) {
  const files = requirementFiles(root, development);
  const constraints = join(root, 'training', 'constraints.txt');
  const stamp = join(root, '.venv', development ? '.stamp-development' : '.stamp');
  const wanted = fingerprint([...files, constraints]);
  if (isStamped(stamp, wanted)) return;
  const python = virtualPython(root);
  if (!existsSync(python) || !canRun(python)) await createEnvironment(root);
  const requirements = ['-c', constraints, ...files.flatMap((file) => ['-r', file])];
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', ...requirements];
  // With local wheels the index is not needed, and retrying an unreachable one costs seconds a package.
  const first = await runVisibly('Installing Python packages', python, [
    ...install,
    '--retries',
    '0',
  ]);
  const last = first.ok
    ? first
    : await runVisibly('Installing Python packages, with retries', python, install);
  if (!last.ok) {
    throw new SetupError(
      `pip could not install the packages:\n${last.output.trim().split('\n').slice(-12).join('\n')}`,
      'Check the connection to the package index and the free disk space, then start again.',
    );
  }
  writeStamp(stamp, wanted);
}

function requirementFiles(root, development) {
  const recipes = join(root, 'training', 'recipes');
  const files = readdirSync(recipes)
    .sort()
    .flatMap((name) => requirementNames.map((file) => join(recipes, name, file)))
    .filter((file) => existsSync(file));
  return development ? [...files, join(root, 'training', 'requirements-dev.txt')] : files;
}

/** The Python interpreter of `.venv`. */
export function virtualPython(root) {
  return process.platform === 'win32'
    ? join(root, '.venv', 'Scripts', 'python.exe')
    : join(root, '.venv', 'bin', 'python');
}

async function createEnvironment(root) {
  const python = findPython();
  rmSync(join(root, '.venv'), { recursive: true, force: true });
  const { ok, output } = await runVisibly('Creating the Python environment', python, [
    '-m',
    'venv',
    join(root, '.venv'),
  ]);
  if (ok) return;
  throw new SetupError(
    `Python could not create a virtual environment:\n${output.trim().split('\n').slice(-5).join('\n')}`,
    'On Debian and Ubuntu, `apt-get install python3-venv` adds what is missing.',
  );
}

function findPython() {
  const seen = [];
  for (const name of candidates) {
    const { status, stdout } = spawnSync(name, [
      '-c',
      'import sys; print("%d.%d" % sys.version_info[:2])',
    ]);
    if (status !== 0) continue;
    const version = String(stdout).trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= 11 && minor <= 13) return name;
    seen.push(`${name} is ${version}`);
  }
  throw new SetupError(
    seen.length === 0
      ? 'Python was not found.'
      : `No suitable Python was found (${seen.join(', ')}).`,
    'Install Python 3.11, 3.12 or 3.13 (https://www.python.org) and start again.',
  );
}

function canRun(python) {
  return spawnSync(python, ['-c', '']).status === 0;
}
