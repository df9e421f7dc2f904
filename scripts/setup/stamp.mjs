import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** SHA-256 over the contents of the files and any further words that matter. */
export function fingerprint(files, ...words) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file)).update('\0');
  for (const word of words) hash.update(word).update('\0');
  return hash.digest('hex');
}

export function isStamped(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

/** Written last, so that an interrupted installation is repeated. */
export function writeStamp(file, value) {
  writeFileSync(file, value);
}
