import { readdirSync, readFileSync } from 'node:fs';

/** `sysconf(_SC_CLK_TCK)` on Linux, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/**
 * CPU time of this process and of everything it started, in seconds since they began; NaN where
 * there is no /proc. Hardly depends on what else the machine does.
 */
export function processorSeconds(): number {
  try {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const stats = new Map(all.flatMap((pid) => [...statOf(Number(pid))]));
    let ticks = 0;
    for (const [pid, { own, ended }] of stats) {
      if (descends(pid, stats)) ticks += own + ended;
    }
    return ticks / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

interface Stat {
  readonly parent: number;
  /** Ticks of the process itself. */
  readonly own: number;
  /** Ticks of its children that have ended. */
  readonly ended: number;
}

/** Fields 4 and 14 to 17 of /proc/PID/stat, see proc_pid_stat(5); empty when it has just ended. */
function statOf(pid: number): readonly (readonly [number, Stat])[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = (from: number) => (fields[from - 3] ?? 0) + (fields[from - 2] ?? 0);
    return [[pid, { parent: fields[1] ?? 0, own: ticks(14), ended: ticks(16) }]];
  } catch {
    return [];
  }
}

function descends(pid: number, stats: ReadonlyMap<number, Stat>): boolean {
  for (let each = pid; each > 1; each = stats.get(each)?.parent ?? 0) {
    if (each === process.pid) return true;
  }
  return false;
}
