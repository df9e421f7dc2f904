import type { LiveEvents } from './live-events.ts';
import type { WorkspaceControls, WorkspaceJobs } from './types.ts';

/** How often the pipeline is asked while a page is open. */
const INTERVAL_MS = 1_000;

export interface JobsWatch {
  /** Asks the pipeline now; pages hear of it when something changed. */
  refresh(): Promise<WorkspaceJobs>;
  /** The same in the background; a failure is logged. */
  look(): void;
  close(): void;
}

/** Watches running jobs and served endpoints, but only while somebody looks. */
export function createJobsWatch(options: {
  controls: Partial<WorkspaceControls>;
  live: LiveEvents;
  log: (line: string) => void;
}): JobsWatch {
  const { controls, live, log } = options;
  let last = '';
  let timer: NodeJS.Timeout | undefined;

  async function refresh(): Promise<WorkspaceJobs> {
    const [jobs, endpoints] = await Promise.all([
      controls.runningJobs?.() ?? [],
      controls.endpoints?.() ?? [],
    ]);
    const current = { jobs, endpoints };
    const serialized = JSON.stringify(current);
    if (serialized !== last) {
      last = serialized;
      live.publish({ type: 'jobs', ...current });
    }
    return current;
  }

  async function look(): Promise<void> {
    try {
      await refresh();
    } catch (error) {
      log(`The list of running jobs is not available: ${String(error)}`);
    }
  }

  async function tick(): Promise<void> {
    await look();
    if (live.listeners > 0) timer = setTimeout(tick, INTERVAL_MS).unref();
  }

  live.onPresence((present) => {
    clearTimeout(timer);
    if (present) timer = setTimeout(tick, INTERVAL_MS).unref();
  });

  return { refresh, look: () => void look(), close: () => clearTimeout(timer) };
}
