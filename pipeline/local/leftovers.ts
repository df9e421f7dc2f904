import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { endMarked } from './process-mark.ts';

/**
 * A new folder for the temporary files of a process with this mark; only its owner can enter it. It
 * is in the system's folder and has a short name, because Python puts sockets there, whose paths have
 * 103 bytes at most on macOS.
 */
export function makeTemporaryFolder(mark: string): string {
  return mkdtempSync(prefixOf(mark));
}

/** Never rejects: a file that cannot be removed is no reason for a job to fail. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

/** Ends what a pipeline that was killed left running for a mark, and removes its temporary files. */
export async function clearLeftovers(mark: string): Promise<void> {
  await endMarked(mark);
  const prefix = basename(prefixOf(mark));
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (name.startsWith(prefix)) await removeTemporaryFolder(join(tmpdir(), name));
  }
}

function prefixOf(mark: string): string {
  const digest = createHash('sha256').update(mark).digest('hex');
  return join(tmpdir(), `mlops-${digest.slice(0, 8)}`);
}
