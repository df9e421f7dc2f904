import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesUnder } from '../folders.ts';

/** What scripts consist of and read; compiled caches and documentation change nothing. */
const codeFile = /\.(?:py|json|txt)$/;

/**
 * The first digits of a SHA-256 over the code of `training/`. Read for each job (some ten
 * milliseconds), because recipes are edited while the app runs.
 */
export async function codeVersion(trainingFolder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, isFile } of await entriesUnder(trainingFolder)) {
    if (!isFile || !codeFile.test(path) || path.split('/').some((name) => name.startsWith('.')))
      continue;
    hash.update(path).update('\0');
    hash.update(await readFile(join(trainingFolder, path))).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
