import { eachRun } from '../core/each-run.ts';
import { runOfJob } from '../core/names.ts';
import type { FlowDeps } from './flow-deps.ts';
import { resumeRun } from './resume-run.ts';
import { hasJobEnded } from './stages/job.ts';
import { syncJobStatus } from './sync-job-status.ts';

type Deps = Pick<FlowDeps, 'runs' | 'bus' | 'clock' | 'jobs' | 'callbacks' | 'executions'>;

/**
 * Brings a run up to date with its job and resumes it when the job has ended. The event is only a
 * hint: it may come late, twice or not at all, because the job itself is read.
 */
export async function onJobChanged(deps: Deps, jobName: string): Promise<void> {
  const runId = runOfJob(jobName);
  if (runId === null) return;
  const [job, run] = await Promise.all([deps.jobs.describe(jobName), deps.runs.get(runId)]);
  if (job === null || run === null) return;
  await syncJobStatus(deps, run, job);
  if (hasJobEnded(job)) await resumeRun(deps, runId);
}

/** Resumes every run that may be waiting for the endpoint of the model. */
export async function onEndpointChanged(deps: Deps, model: string): Promise<void> {
  for await (const run of eachRun(deps.runs.list, { model, ended: false })) {
    if (run.deployment !== null) await resumeRun(deps, run.id);
  }
}
