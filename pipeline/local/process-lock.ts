// One process per data folder. The lock is SQLite's own lock on a file, so the kernel lets go of
// it when the process dies, however it dies: a stale lock, or a reused pid, cannot exist.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { MlopsError } from '../core/errors.ts';

export interface ProcessLock {
  /** Lets another process take the folder; again changes nothing. */
  release(): void;
}

/**
 * Takes the data folder for this process until `release()` or its end.
 * @throws {MlopsError} `CONFLICT`, naming the other process, while that one lives; also when the
 * lock file is damaged.
 */
export function acquireProcessLock(folder: string): ProcessLock {
  makePrivate(folder);
  const pidPath = join(folder, 'engine.pid');
  const lockPath = join(folder, 'engine.lock');
  // Fails with the reason of the system, which SQLite does not pass on.
  closeSync(openSync(lockPath, 'a', 0o600));
  const lock = new Libsql(lockPath, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (codeOf(error) === 'SQLITE_NOTADB' || codeOf(error) === 'SQLITE_CORRUPT') {
      // Not replaced by itself: another process may hold the lock of the damaged file.
      throw new MlopsError('CONFLICT', 'The lock file engine.lock of the data folder is damaged.', {
        hint: 'When no other mlops-bot uses the folder, delete that file and start again.',
        cause: error,
      });
    }
    if (codeOf(error) !== 'SQLITE_BUSY') throw error;
    const holder = readHolder(pidPath);
    throw new MlopsError('CONFLICT', `The data folder is in use by ${holder}.`, {
      hint: 'Stop that process, or start this one with another data folder.',
      cause: error,
    });
  }
  writeFileSync(pidPath, `${process.pid}\n`);

  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(pidPath, { force: true });
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

/** Creates the folder for its owner only; a folder that was no data folder before keeps its mode. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, 'engine.lock'))) chmodSync(folder, 0o700);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

function readHolder(pidPath: string): string {
  try {
    return `process ${readFileSync(pidPath, 'utf8').trim()}`;
  } catch {
    return 'another process that is just starting';
  }
}
