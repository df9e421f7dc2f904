import { hasEnded, type Run } from '../core/run.ts';
import { auditDecisions } from './audit-decisions.ts';
import { executionFor } from './execution-for.ts';
import type { FlowDeps } from './flow-deps.ts';
import { onJobChanged } from './on-job-changed.ts';
import { resumeRun } from './resume-run.ts';

/**
 * Finishes what a crash or a lost event left undone: a record without an execution, a job whose end
 * was missed, a decision that did not resume the run. Changes nothing when all is well.
 */
export async function repairRun(
  deps: Pick<FlowDeps, 'executions' | 'runs' | 'bus' | 'clock' | 'jobs' | 'callbacks' | 'audit'>,
  run: Run,
): Promise<void> {
  if (hasEnded(run)) return;
  await deps.executions.start(executionFor(run.id, run.continuation));
  await auditDecisions(deps, run);
  if (run.training !== null) await onJobChanged(deps, run.training.jobName);
  const isDecided = run.approval !== null && run.approval.outcome !== null;
  if (isDecided || run.stopRequestedBy !== null) await resumeRun(deps, run.id);
}
