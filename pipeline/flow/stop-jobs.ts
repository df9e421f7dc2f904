import { jobName } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { hasJobEnded } from './stages/job.ts';

/** Every job that a run may have started: each is tried on Spot, then on demand. */
const jobs = [
  ['train', 1],
  ['train', 2],
  ['evaluate', 1],
  ['evaluate', 2],
] as const;

/** Stops what a run that ends would leave running, and paid for. */
export async function stopJobs(deps: Pick<FlowDeps, 'jobs'>, runId: RunId): Promise<void> {
  for (const [kind, attempt] of jobs) {
    const name = jobName(runId, kind, attempt);
    const job = await deps.jobs.describe(name);
    if (job !== null && !hasJobEnded(job)) await deps.jobs.stop(name);
  }
}
