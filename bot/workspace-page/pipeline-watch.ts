import type { PluginHost } from '@mlops-bot/slack-simulator/plugin';
import type { PipelineControls, PipelineState } from './pipeline-controls.ts';

/** How often the pipeline is asked while a page is open. */
const INTERVAL_MS = 1_000;

export interface PipelineWatch {
  /** Asks the pipeline now; open pages get what changed. */
  refresh(): Promise<PipelineState>;
  /** The same in the background; a failure is logged. */
  look(): void;
  close(): void;
}

/** Watches running jobs and served endpoints, but only while a page is open. */
export function createPipelineWatch(controls: PipelineControls, host: PluginHost): PipelineWatch {
  let last = '';
  let isPresent = false;
  let timer: NodeJS.Timeout | undefined;

  async function refresh(): Promise<PipelineState> {
    const [jobs, endpoints] = await Promise.all([controls.runningJobs(), controls.endpoints()]);
    const state = { models: controls.models(), jobs, endpoints };
    const serialized = JSON.stringify(state);
    if (serialized !== last) {
      last = serialized;
      host.publish(state);
    }
    return state;
  }

  async function look(): Promise<void> {
    try {
      await refresh();
    } catch (error) {
      host.log(`The list of running jobs is not available: ${String(error)}`);
    }
  }

  async function tick(): Promise<void> {
    await look();
    if (isPresent) timer = setTimeout(tick, INTERVAL_MS).unref();
  }

  function close(): void {
    isPresent = false;
    clearTimeout(timer);
  }

  host.onPresence((present) => {
    close();
    isPresent = present;
    if (present) timer = setTimeout(tick, INTERVAL_MS).unref();
  });

  return { refresh, look: () => void look(), close };
}
