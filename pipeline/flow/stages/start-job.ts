import { MlopsError } from '../../core/errors.ts';
import type { JobSpec } from '../../core/ports.ts';
import type { Run } from '../../core/run.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { RunContext } from '../run-context.ts';
import type { EndedJob } from './ended-job.ts';
import { GROWTH, poll } from './poll.ts';

/** Another job may end at any time, and nothing reports that a quota has room again. */
const LONGEST_PAUSE_SECONDS = 900;

/** `queued` because the machines of its quota are busy; the other two were asked for meanwhile. */
type Start = 'started' | 'queued' | 'stopped' | 'switched';

/**
 * Starts a job, or queues until its quota has room. Null when it was started; otherwise how it ended
 * without having begun.
 */
export async function startJob(context: RunContext, spec: JobSpec): Promise<EndedJob | null> {
  const { deps, step, runId } = context;
  const { name } = spec;
  // Null in histories from before there was a queue.
  const first = await step(`start ${name}`, async () => {
    const start = await tryToStart(context, spec);
    return start === 'started' ? null : start;
  });
  if (first === null) return null;
  const pause = Math.min(deps.pace.jobPoll, LONGEST_PAUSE_SECONDS);
  const start = await poll<Start, Exclude<Start, 'queued'>>(context, {
    names: (look) => ({
      look: `try ${look} to start ${name}`,
      wait: `wait ${look} to start ${name}`,
    }),
    look: () => tryToStart(context, spec),
    judge: (seen) =>
      seen === 'queued' ? { pause, longest: LONGEST_PAUSE_SECONDS } : { end: seen },
    pause,
    growth: GROWTH,
    // Nothing has begun, so the stage may begin again elsewhere.
    mayContinue: true,
    isReady: async () => isUnwanted(await loadRun(deps, runId), spec),
  });
  return start === 'started' ? null : neverBegun(start);
}

async function tryToStart({ deps, runId }: RunContext, spec: JobSpec): Promise<Start> {
  const { name: jobName } = spec;
  const run = await loadRun(deps, runId);
  if (run.queuedJob?.jobName === jobName && isUnwanted(run, spec)) {
    await record(deps, { type: 'JobQueued', runId, jobName, reason: null });
    return run.stopRequestedBy === null ? 'switched' : 'stopped';
  }
  try {
    await deps.jobs.start(spec);
  } catch (error) {
    // A quota of nothing is not retryable: no job of ours would ever free it.
    if (!(error instanceof MlopsError) || error.code !== 'QUOTA_EXCEEDED') throw error;
    if (!error.retryable) throw error;
    await record(deps, { type: 'JobQueued', runId, jobName, reason: error.message });
    return 'queued';
  }
  await record(deps, { type: 'JobQueued', runId, jobName, reason: null });
  return 'started';
}

function isUnwanted(run: Run, spec: JobSpec): boolean {
  return run.stopRequestedBy !== null || isSwitching(run, spec);
}

/** Whether a person would rather have an on-demand machine than this job. */
export function isSwitching(run: Run, { kind, spot }: JobSpec): boolean {
  return kind === 'train' && spot && run.onDemandRequestedBy !== undefined;
}

function neverBegun(start: 'stopped' | 'switched'): EndedJob {
  return {
    status: 'Stopped',
    secondaryStatus: 'Stopped',
    failureReason: null,
    runningSeconds: 0,
    waitingSeconds: 0,
    modelArtifact: null,
    stopRequested: start === 'stopped',
    switchRequested: start === 'switched',
  };
}
