import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { virtualPython } from './python-packages.mjs';
import { runVisibly } from './run-visibly.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/**
 * Installs the Python tools for the tests of the AWS side, unless they are on the PATH. They get
 * their own environment, because their requirements contradict our pins. If they cannot be
 * installed, those tests are skipped.
 *
 * @returns {Promise<string | null>} a sentence about what is not checked without them
 */
export async function ensureTestTools(root) {
  const requirements = join(root, 'test', 'aws', 'requirements.txt');
  const folder = join(root, '.venv', 'test-tools');
  const stamp = join(folder, '.stamp');
  const wanted = fingerprint([requirements]);
  if (isStamped(stamp, wanted) || isOnPath()) return null;
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) {
    await runVisibly('Creating the environment of the test tools', virtualPython(root), [
      '-m',
      'venv',
      folder,
    ]);
  }
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile'];
  const { ok } = await runVisibly('Installing the test tools for AWS', python, [
    ...install,
    ...['--retries', '0', '-r', requirements],
  ]);
  if (ok) {
    writeStamp(stamp, wanted);
    return null;
  }
  return (
    'Not checked: the AWS adapters against moto, and the templates by cfn-lint. ' +
    'pip could not install test/aws/requirements.txt.'
  );
}

function isOnPath() {
  return ['moto_server', 'cfn-lint'].every((tool) => spawnSync(tool, ['--help']).status === 0);
}
