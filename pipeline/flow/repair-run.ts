import { hasEnded, type Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { onJobChanged } from './on-job-changed.ts';
import { resumeRun } from './resume-run.ts';

/**
 * Makes up for what a crash or a lost event left undone about a run: its record was written but its
 * execution not started, its job ended unheard, people decided but nobody woke it. Changes nothing
 * when all is well.
 */
export async function repairRun(
  deps: Pick<FlowDeps, 'executions' | 'runs' | 'bus' | 'clock' | 'jobs' | 'callbacks'>,
  run: Run,
): Promise<void> {
  if (hasEnded(run)) return;
  await deps.executions.start({ name: run.id, input: { runId: run.id } });
  if (run.training !== null) await onJobChanged(deps, run.training.jobName);
  const isDecided = run.approval !== null && run.approval.outcome !== null;
  if (isDecided || run.stopRequestedBy !== null) await resumeRun(deps, run.id);
}
