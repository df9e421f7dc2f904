import { SetupError } from './setup-error.mjs';

/** First release of each line that works; lines without an entry below 24 do not. */
const firstMinor = { 20: 19, 22: 12 };

/** Whether this Node.js is one of those that `engines` of package.json names. */
export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 24 || minor >= (firstMinor[major] ?? Number.POSITIVE_INFINITY);
}

/** @throws {SetupError} with the versions that work */
export function requireNode(version = process.versions.node) {
  if (isSupportedNode(version)) return;
  throw new SetupError(
    `Node.js ${version} does not work here: 20.19, 22.12, 24 or newer does.`,
    'Install one of them (https://nodejs.org) and start again.',
  );
}
