import { recoveryOf } from '../core/names.ts';
import { hasEnded, type Run } from '../core/run.ts';
import { auditDecisions } from './audit-decisions.ts';
import { executionFor } from './execution-for.ts';
import { onExecutionLost } from './execution-lost.ts';
import type { FlowDeps } from './flow-deps.ts';
import { onJobChanged } from './on-job-changed.ts';
import { resumeRun } from './resume-run.ts';

type Deps = Pick<
  FlowDeps,
  'executions' | 'runs' | 'bus' | 'clock' | 'jobs' | 'callbacks' | 'audit'
>;

/**
 * Finishes what a crash or a lost event left undone: a record without an execution, an execution that
 * was cut off, a job whose end was missed, a decision that did not resume the run. Changes nothing
 * when all is well.
 */
export async function repairRun(deps: Deps, run: Run): Promise<void> {
  if (hasEnded(run)) return;
  const execution = executionFor(run.id, run.continuation);
  await deps.executions.start(execution);
  await replaceExecution(deps, run, execution.name);
  await auditDecisions(deps, run);
  if (run.training !== null) await onJobChanged(deps, run.training.jobName);
  const isDecided = run.approval !== null && run.approval.outcome !== null;
  if (isDecided || run.stopRequestedBy !== null) await resumeRun(deps, run.id);
}

/** The event that reports the end of an execution may be lost, and nothing else would go on. */
async function replaceExecution(deps: Deps, run: Run, name: string): Promise<void> {
  if ((await deps.executions.isRunning(name)) !== false) return;
  const recovery = recoveryOf(run.id);
  const isRecovering = await deps.executions.isRunning(recovery);
  if (isRecovering === true) return;
  // Reads the run again: an execution may end well right after the record was read.
  await onExecutionLost(deps, isRecovering === false ? recovery : name);
}
