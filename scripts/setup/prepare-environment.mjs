// Plain JavaScript on Node's own modules: this runs before anything is installed.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { installNodePackages } from './node-packages.mjs';
import { requireNode } from './node-version.mjs';
import { installPythonPackages } from './python-packages.mjs';
import { SetupError } from './setup-error.mjs';

const neededBytes = 3 * 1024 ** 3;

/**
 * Prepares a fresh clone: Node packages by `npm ci`, Python packages in `.venv`. Skips each step
 * that was done for the present content of the lock and requirement files.
 *
 * @param {string} root the checkout @param {{ development?: boolean }} options whether to install
 * the test and lint tools of Python @throws {SetupError} with what is missing and what to do
 */
export async function prepareEnvironment(root, { development = false } = {}) {
  requireNode();
  if (!existsSync(join(root, '.venv')) || !existsSync(join(root, 'node_modules'))) {
    await requireDisk(root);
  }
  await installNodePackages(root);
  await installPythonPackages(root, { development });
}

async function requireDisk(root) {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new SetupError(
    `Only ${(free / 1024 ** 3).toFixed(1)} GiB are free on the disk of this folder.`,
    'Set-up needs 3 GiB (PyTorch is most of it): free some space and start again.',
  );
}
