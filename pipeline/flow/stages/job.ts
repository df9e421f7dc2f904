import type { JobDescription, JobSpec } from '../../core/ports.ts';
import { type Run, stageOf, waitsForSpot } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { RunContext } from '../run-context.ts';
import { syncJobStatus } from '../sync-job-status.ts';
import type { EndedJob } from './ended-job.ts';
import { GROWTH, poll } from './poll.ts';
import { isSwitching, startJob } from './start-job.ts';

/** How long a Spot job waits for a machine before the card offers an on-demand one, in seconds. */
const LONG_WAIT_SECONDS = 15 * 60;

/**
 * Starts a job, as soon as the quotas of the account have room for it, and waits until it has ended;
 * stops it when the run is stopped.
 */
export async function runJob(context: RunContext, spec: JobSpec): Promise<EndedJob> {
  const { deps, runId } = context;
  const notStarted = await startJob(context, spec);
  if (notStarted !== null) return notStarted;
  const pause = deps.pace.jobPoll;
  return poll<EndedJob | null, EndedJob>(context, {
    names: (look) => ({
      look: `look ${look} at ${spec.name}`,
      wait: `wait ${look} for ${spec.name}`,
    }),
    look: () => lookAtJob(context, spec),
    judge: (ended) => (ended === null ? { pause } : { end: ended }),
    pause,
    growth: GROWTH,
    // An evaluation takes three hours at most, and must not be planned again when production changed.
    mayContinue: spec.kind === 'train',
    isReady: async () => {
      const job = await deps.jobs.describe(spec.name);
      const run = await loadRun(deps, runId);
      return (
        job === null ||
        hasJobEnded(job) ||
        (job.status === 'InProgress' && (run.stopRequestedBy !== null || isSwitching(run, spec)))
      );
    },
  });
}

async function lookAtJob({ deps, runId }: RunContext, spec: JobSpec): Promise<EndedJob | null> {
  const { name, kind, instanceType, spot } = spec;
  const job = await deps.jobs.describe(name);
  const run = await loadRun(deps, runId);
  // Events usually recorded this already; where they were lost, this does.
  if (job !== null) await syncJobStatus(deps, run, job);
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
      switchRequested: status === 'Stopped' && isSwitching(run, spec),
    };
  }
  if (stopRequested || isSwitching(run, spec)) await deps.jobs.stop(name);
  else if (job !== null) await noteDelay(deps, run, job);
  return null;
}

async function noteDelay(deps: FlowDeps, run: Run, job: JobDescription): Promise<void> {
  const since = stageOf(run, 'train')?.startedAt ?? null;
  if (since === null || !waitsForSpot(run) || job.runningSeconds > 0) return;
  const waited = (deps.clock.now().getTime() - Date.parse(since)) / 1000;
  if (waited < LONG_WAIT_SECONDS) return;
  await record(deps, { type: 'CapacityDelayed', runId: run.id, jobName: job.name, since });
}

export function hasJobEnded({ status }: Pick<JobDescription, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}
