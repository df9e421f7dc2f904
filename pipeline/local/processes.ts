// A pid alone is no name: it is given to another process sooner or later. With the time the
// process started (and the boot it started in) it is one.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startedAt: string;
}

/** How often a process that is not our child is asked whether it still lives. */
const POLL_MILLISECONDS = 20;

/** Who has the pid now; null when nobody, or a process that has ended and is not buried yet. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startedAt = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * Ends a process (that led its own group) from an earlier life of the pipeline: SIGTERM, and
 * SIGKILL for its group when it is gone or the grace period is over. Never touches another process with the same pid.
 */
export async function endProcess(identity: ProcessIdentity, graceSeconds: number): Promise<void> {
  if (!isRunning(identity)) return;
  signalProcess(identity.pid, 'SIGTERM');
  const polls = Math.ceil((graceSeconds * 1000) / POLL_MILLISECONDS);
  for (let poll = 0; poll < polls && isRunning(identity); poll += 1) await delay(POLL_MILLISECONDS);
  // The whole group: workers that outlived the leader keep its number taken.
  signalProcess(-identity.pid, 'SIGKILL');
  while (isRunning(identity)) await delay(POLL_MILLISECONDS);
}

/** Sends a signal to a pid, or to a group by its negative number; one that is gone is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // EPERM is what macOS answers for a group of which only unburied processes are left.
    if (error instanceof Error && 'code' in error && /^(ESRCH|EPERM)$/.test(`${error.code}`))
      return;
    throw error;
  }
}

/** Fields 3 (state) and 22 (start, in ticks since boot) of /proc/PID/stat, see proc_pid_stat(5). */
function startedOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}

function startedElsewhere(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'state=,lstart=', '-p', `${pid}`], { encoding: 'utf8' });
    const [state = '', ...start] = text.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : start.join(' ');
  } catch {
    return null;
  }
}
