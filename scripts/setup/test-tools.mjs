import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { virtualPython } from './python-packages.mjs';
import { runVisibly } from './run-visibly.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/**
 * The Python tools that the tests of the AWS side run against, in an environment of their own: what
 * they need contradicts pins of ours. Tools on the PATH are as good. Without any, those tests are
 * skipped: the product does without them, so an index that cannot be reached fails nothing.
 *
 * @returns {Promise<string | null>} what is not checked for want of them, as a sentence
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
