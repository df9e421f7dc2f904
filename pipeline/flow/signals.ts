import type { UntimedEvent } from '../core/events.ts';
import { runOfJob } from '../core/names.ts';
import type { JobDescription } from '../core/ports.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { record } from './record.ts';
import { hasJobEnded } from './stages/job.ts';
import { wake } from './wake.ts';

type Deps = Pick<FlowDeps, 'runs' | 'bus' | 'clock' | 'jobs' | 'wakeups' | 'executions'>;

/**
 * Brings a run up to date with its job and wakes it when the job has ended. The signal is only a
 * hint: late, repeated and lost ones are all right, because the job itself is asked.
 */
export async function onJobChanged(deps: Deps, jobName: string): Promise<void> {
  const runId = runOfJob(jobName);
  if (runId === null) return;
  const [job, run] = await Promise.all([deps.jobs.describe(jobName), deps.runs.get(runId)]);
  if (job === null || run === null) return;
  if (run.training?.jobName === jobName) {
    for (const event of newsOf(run, job)) await record(deps, event);
  }
  if (hasJobEnded(job)) await wake(deps, runId);
}

/** What the job knows and the record does not yet, oldest first. */
function newsOf(
  run: Run,
  { name, interruptions, progress }: JobDescription,
): readonly UntimedEvent[] {
  const { id: runId, training } = run;
  const news: UntimedEvent[] = [];
  for (const [i, interruption] of interruptions.entries()) {
    const known = training?.interruptions[i];
    const count = i + 1;
    if (known === undefined) {
      news.push({
        type: 'TrainingInterrupted',
        runId,
        jobName: name,
        atStep: interruption.atStep,
        count,
      });
    }
    if (interruption.resumedFromStep !== null && (known?.resumedAt ?? null) === null) {
      const fromStep = interruption.resumedFromStep;
      news.push({ type: 'TrainingResumed', runId, jobName: name, fromStep, count });
    }
  }
  if (progress !== null) {
    news.push({
      type: 'TrainingProgressed',
      runId,
      jobName: name,
      step: progress.step,
      total: progress.total,
      loss: progress.loss ?? null,
      samplesPerSecond: progress.samples_per_second ?? null,
    });
  }
  return news;
}

/** Wakes every run that may wait for the endpoint of the model. */
export async function onEndpointChanged(deps: Deps, model: string): Promise<void> {
  const waiting: readonly RunId[] = (await deps.runs.list({ model, ended: false }))
    .filter((run) => run.deployment !== null)
    .map((run) => run.id);
  for (const runId of waiting) await wake(deps, runId);
}
