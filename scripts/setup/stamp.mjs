import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** SHA-256 of the contents of the files and of further words. */
export function fingerprint(files, ...words) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file)).update('\0');
  for (const word of words) hash.update(word).update('\0');
  return hash.digest('hex');
}

export function isStamped(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

/** To be called last, so that an interrupted installation is repeated. */
export function writeStamp(file, value) {
  writeFileSync(file, value);
}
