import { runOfJob } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { resumeRun } from './resume-run.ts';
import { hasJobEnded } from './stages/job.ts';
import { syncJobStatus } from './sync-job-status.ts';

type Deps = Pick<FlowDeps, 'runs' | 'bus' | 'clock' | 'jobs' | 'callbacks' | 'executions'>;

/**
 * Brings a run up to date with its job and wakes it when the job has ended. The signal is only a
 * hint: late, repeated and lost ones are all right, because the job itself is asked.
 */
export async function onJobChanged(deps: Deps, jobName: string): Promise<void> {
  const runId = runOfJob(jobName);
  if (runId === null) return;
  const [job, run] = await Promise.all([deps.jobs.describe(jobName), deps.runs.get(runId)]);
  if (job === null || run === null) return;
  await syncJobStatus(deps, run, job);
  if (hasJobEnded(job)) await resumeRun(deps, runId);
}

/** Wakes every run that may wait for the endpoint of the model. */
export async function onEndpointChanged(deps: Deps, model: string): Promise<void> {
  const waiting: readonly RunId[] = (await deps.runs.list({ model, ended: false }))
    .filter((run) => run.deployment !== null)
    .map((run) => run.id);
  for (const runId of waiting) await resumeRun(deps, runId);
}
