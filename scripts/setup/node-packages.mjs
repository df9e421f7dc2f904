import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './run-visibly.mjs';
import { SetupError } from './setup-error.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/** `npm ci`, once per content of `package-lock.json`. */
export async function installNodePackages(root) {
  const lock = join(root, 'package-lock.json');
  const stamp = join(root, 'node_modules', '.mlops-bot-stamp');
  const wanted = fingerprint([lock], process.platform, process.arch);
  if (existsSync(join(root, 'node_modules')) && isStamped(stamp, wanted)) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { ok, output } = await runVisibly(
    'Installing Node packages',
    npm,
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root },
  );
  if (!ok) {
    throw new SetupError(
      `npm ci failed:\n${output.trim().split('\n').slice(0, 12).join('\n')}`,
      'Check the connection to the npm registry and the free disk space, then start again.',
    );
  }
  writeStamp(stamp, wanted);
}
