import type { Failure } from '../core/errors.ts';
import { isRecovery, partOfExecution, recoveryOf, runOfExecution } from '../core/names.ts';
import { hasEnded, type Run, type RunId, stageOf } from '../core/run.ts';
import { auditDecisions } from './audit-decisions.ts';
import type { FlowDeps } from './flow-deps.ts';
import { record } from './record.ts';

// Apart from recover-run.ts, because the functions that react to events do without the durable SDK.

export const cutOff: Failure = {
  code: 'EXECUTION_LOST',
  message: 'The run was cut off before it could finish.',
  hint: 'Its jobs were stopped and production is as it was before. Run it again.',
};

/**
 * Takes care of a run whose execution ended without ending the run: another execution stops its jobs,
 * puts back what was live and ends it. Only when that one is cut off too is the run just ended.
 */
export async function onExecutionLost(
  deps: Pick<FlowDeps, 'executions' | 'runs' | 'bus' | 'clock' | 'audit'>,
  executionName: string,
): Promise<void> {
  const runId = runOfExecution(executionName);
  const run = await deps.runs.get(runId);
  if (run === null || (hasEnded(run) && !leftUnproven(run))) return;
  if (!isRecovery(executionName)) {
    // An execution that has handed over is not missed.
    if (partOfExecution(executionName) < (run.continuation?.part ?? 1)) return;
    return startRecovery(deps, runId);
  }
  const ended = await record(deps, { type: 'RunEnded', runId, outcome: 'failed', failure: cutOff });
  await auditDecisions(deps, ended);
}

export function startRecovery(
  { executions }: Pick<FlowDeps, 'executions'>,
  runId: RunId,
): Promise<void> {
  return executions.start({ name: recoveryOf(runId), input: { runId, isRecovery: true } });
}

/** Started, not put back, and its bake window not over. */
export function hasUnprovenDeployment(run: Run): boolean {
  const { deployment } = run;
  if (deployment === null || deployment.revertedAt !== null) return false;
  return stageOf(run, 'watch')?.status !== 'succeeded';
}

/** Whether an ended run may be what the endpoint serves without proof. */
export function leftUnproven(run: Run): boolean {
  return hasEnded(run) && run.outcome === 'failed' && hasUnprovenDeployment(run);
}
