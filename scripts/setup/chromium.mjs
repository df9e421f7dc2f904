import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runVisibly } from './run-visibly.mjs';
import { SetupError } from './setup-error.mjs';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Finds the browser for the tests, or installs Debian's package when running as root. */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (mayInstall) {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    await runVisibly('Updating the package list', 'apt-get', ['update', '-q'], options);
    await runVisibly(
      'Installing Chromium for the browser tests',
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
      options,
    );
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new SetupError(
    'The browser tests need Chromium, and none was found.',
    'Install it (`apt-get install chromium`) or set CHROMIUM_PATH to a Chrome or Chromium.',
  );
}

function findChromium() {
  return places.find((place) => place !== undefined && place !== '' && existsSync(place));
}
