// A pid alone identifies nothing: the system reuses it. Together with the start time of the process
// (and the boot it started in) it does.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startedAt: string;
  /** What the process is for, see `process-mark.ts`; records of earlier versions have none. */
  readonly mark?: string;
}

/** How often a process that is not our child is polled. */
const POLL_MILLISECONDS = 20;

/** The process that has the pid now; null when there is none, or only a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startedAt = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * Ends a process (a group leader) that an earlier process of the pipeline started: SIGTERM, then
 * SIGKILL for its group once it has ended or the grace period is over. Never touches another process
 * with the same pid.
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

/** Sends a signal to a pid, or to a group by its negative number; one that has ended is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // macOS answers EPERM for a group of which only zombies are left.
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
