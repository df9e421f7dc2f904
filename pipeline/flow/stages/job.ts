import type { JobDescription, JobSpec } from '../../core/ports.ts';
import { record } from '../record.ts';
import { loadRun, type Story } from '../story.ts';

/** How a job ended: small enough to be remembered by the durable engine. */
export type EndedJob = Pick<
  JobDescription,
  | 'status'
  | 'secondaryStatus'
  | 'failureReason'
  | 'runningSeconds'
  | 'waitingSeconds'
  | 'modelArtifact'
> & { readonly stopRequested: boolean };

/** Starts a job and waits until it has ended; stops it when the run is stopped. */
export async function runJob(story: Story, spec: JobSpec): Promise<EndedJob> {
  const { deps, step, runId } = story;
  await step(`start ${spec.name}`, async () => {
    await deps.jobs.start(spec);
    return null;
  });
  for (let look = 1; ; look++) {
    const ended = await step(`look ${look} at ${spec.name}`, () => lookAtJob(story, spec));
    if (ended !== null) return ended;
    await story.sleepUntilWoken(`wait ${look} for ${spec.name}`, deps.pace.jobPoll, async () => {
      const job = await deps.jobs.describe(spec.name);
      const run = await loadRun(deps, runId);
      return (
        job === null ||
        hasJobEnded(job) ||
        (run.stopRequestedBy !== null && job.status === 'InProgress')
      );
    });
  }
}

async function lookAtJob(
  { deps, runId }: Story,
  { name, kind, instanceType, spot }: JobSpec,
): Promise<EndedJob | null> {
  const job = await deps.jobs.describe(name);
  const run = await loadRun(deps, runId);
  const stopRequested = run.stopRequestedBy !== null;
  if (job !== null && hasJobEnded(job)) {
    const usage = {
      jobName: name,
      kind,
      instanceType,
      spot,
      running: job.runningSeconds,
      billable: job.billableSeconds ?? null,
    };
    await record(deps, { type: 'JobEnded', runId, usage });
    const {
      status,
      secondaryStatus,
      failureReason,
      runningSeconds,
      waitingSeconds,
      modelArtifact,
    } = job;
    return {
      status,
      secondaryStatus,
      failureReason,
      runningSeconds,
      waitingSeconds,
      modelArtifact,
      stopRequested,
    };
  }
  if (stopRequested) await deps.jobs.stop(name);
  return null;
}

export function hasJobEnded({ status }: Pick<JobDescription, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}
