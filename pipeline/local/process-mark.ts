// What a process starts inherits its environment, even in a session of its own. A variable there
// therefore finds everything that must end with it. The mark names the work folder by its inode, so
// that a copy of a data folder, which holds the same records, never ends processes of the original.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, signalProcess } from './processes.ts';

export const MARK_VARIABLE = 'MLOPS_PROCESS';

const POLL_MILLISECONDS = 10;
/** A process that cannot be killed (in a broken driver, say) must not hold up the pipeline: 5 s. */
const MAX_POLLS = 500;

/** The mark of everything that the pipeline of a work folder starts for a purpose, e.g. `job/x`. */
export function processMark(workFolder: string, purpose: string): string {
  mkdirSync(workFolder, { recursive: true });
  const { dev, ino } = statSync(workFolder, { bigint: true });
  return `${dev}-${ino}/${purpose}`;
}

/**
 * The mark of everything that was started for the same purpose as a recorded process; null when that
 * was started for another work folder, of which this one is a copy.
 */
export function purposeOf(workFolder: string, { mark = '' }: ProcessIdentity): string | null {
  return mark.startsWith(processMark(workFolder, '')) ? mark.slice(0, mark.lastIndexOf('/')) : null;
}

/**
 * Ends every process with this mark, or one that continues it after a `/`, whatever group or session
 * it is in; resolves when they are gone. Only on Linux: elsewhere the environment of a process
 * cannot be read, and what left its process group is not found.
 */
export async function endMarked(mark: string): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const pids = markedProcesses(mark);
    if (pids.length === 0) return;
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    await delay(POLL_MILLISECONDS);
  }
}

/** Whether a recorded process runs still and was started for this work folder, not for a copy of it. */
export function isRunningFor(workFolder: string, identity: ProcessIdentity): boolean {
  if (!isRunning(identity)) return false;
  if (identity.mark !== undefined) return identity.mark.startsWith(processMark(workFolder, ''));
  // Records of earlier versions have no mark, but every process ran below its work folder.
  if (process.platform !== 'linux') return true;
  try {
    const folder = `${realpathSync(workFolder)}${sep}`;
    return readlinkSync(`/proc/${identity.pid}/cwd`).startsWith(folder);
  } catch {
    return false;
  }
}

function markedProcesses(mark: string): readonly number[] {
  return processes().filter((pid) => pid > 0 && pid !== process.pid && isMarked(pid, mark));
}

function processes(): readonly number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync('/proc').map(Number);
  } catch {
    // A container may do without it.
    return [];
  }
}

function isMarked(pid: number, mark: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    const wanted = `${MARK_VARIABLE}=${mark}`;
    return variables.some((each) => each === wanted || each.startsWith(`${wanted}/`));
  } catch {
    // It has ended, or belongs to another user.
    return false;
  }
}
