import type { UntimedEvent } from '../core/events.ts';
import type { JobDescription } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { record } from './record.ts';

/** Brings the record of a run up to date with its training job; ignores other jobs. */
export async function syncJobStatus(
  deps: Pick<FlowDeps, 'runs' | 'bus' | 'clock'>,
  run: Run,
  job: JobDescription,
): Promise<void> {
  if (run.training?.jobName !== job.name) return;
  for (const event of missingEvents(run, job)) await record(deps, event);
}

/** Events for what the job reports and the record does not have yet, oldest first. */
function missingEvents(
  run: Run,
  { name, interruptions, progress }: JobDescription,
): readonly UntimedEvent[] {
  const { id: runId, training } = run;
  const events: UntimedEvent[] = [];
  for (const [i, interruption] of interruptions.entries()) {
    const known = training?.interruptions[i];
    const count = i + 1;
    if (known === undefined) {
      events.push({
        type: 'TrainingInterrupted',
        runId,
        jobName: name,
        atStep: interruption.atStep,
        count,
      });
    }
    if (interruption.resumedFromStep !== null && (known?.resumedAt ?? null) === null) {
      const fromStep = interruption.resumedFromStep;
      events.push({ type: 'TrainingResumed', runId, jobName: name, fromStep, count });
    }
  }
  if (progress !== null) {
    events.push({
      type: 'TrainingProgressed',
      runId,
      jobName: name,
      step: progress.step,
      total: progress.total,
      loss: progress.loss ?? null,
      samplesPerSecond: progress.samples_per_second ?? null,
    });
  }
  return events;
}
