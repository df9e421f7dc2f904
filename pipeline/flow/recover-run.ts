import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Failure } from '../core/errors.ts';
import { jobName, recoveryOf, runOfExecution } from '../core/names.ts';
import { hasEnded, type Run, type RunId, stageOf } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import { createRunContext, type RunContext, type RunFacts } from './run-context.ts';
import { hasJobEnded } from './stages/job.ts';
import { holdLease, releaseLease } from './stages/lease.ts';
import { revert } from './stages/revert.ts';

const cutOff: Failure = {
  code: 'EXECUTION_LOST',
  message: 'The run was cut off before it could finish.',
  hint: 'Its jobs were stopped and production is as it was before. Run it again.',
};

/**
 * Takes care of a run whose execution ended without ending the run: another execution stops its jobs,
 * puts back what was live and ends it. Only when that one is cut off too is the run just ended.
 */
export async function onExecutionLost(
  deps: Pick<FlowDeps, 'executions' | 'runs' | 'bus' | 'clock'>,
  executionName: string,
): Promise<void> {
  const runId = runOfExecution(executionName);
  const run = await deps.runs.get(runId);
  if (run === null || (hasEnded(run) && !leftUnproven(run))) return;
  if (executionName === runId) return startRecovery(deps, runId);
  await record(deps, { type: 'RunEnded', runId, outcome: 'failed', failure: cutOff });
}

export function startRecovery(
  { executions }: Pick<FlowDeps, 'executions'>,
  runId: RunId,
): Promise<void> {
  return executions.start({ name: recoveryOf(runId), input: { runId, isRecovery: true } });
}

/** The durable flow of that second execution. */
export async function recoverRun(
  durable: DurableContext,
  deps: FlowDeps,
  facts: RunFacts,
): Promise<void> {
  const context = createRunContext(durable, deps, facts);
  const { runId } = context;
  await context.step('stop jobs', () => stopJobs(context));
  if (await context.read('look for an unproven deployment', hasUnprovenDeployment)) {
    await holdLease(context, 'recovery');
    if (await context.step('check what is live', () => isOurs(context))) {
      await revert(context, cutOff.message);
    }
  }
  await context.record('end run', {
    type: 'RunEnded',
    runId,
    outcome: 'failed',
    failure: cutOff,
  });
  await releaseLease(context, 'at the end');
}

/** Started, not put back, and its bake window not over. */
export function hasUnprovenDeployment(run: Run): boolean {
  const { deployment } = run;
  if (deployment === null || deployment.revertedAt !== null) return false;
  return stageOf(run, 'watch')?.status !== 'succeeded';
}

async function stopJobs({ deps, runId }: RunContext): Promise<null> {
  const run = await loadRun(deps, runId);
  const training = run.training?.jobName;
  const names = [...(training === undefined ? [] : [training]), jobName(runId, 'evaluate', 1)];
  for (const name of names) {
    const job = await deps.jobs.describe(name);
    if (job !== null && !hasJobEnded(job)) await deps.jobs.stop(name);
  }
  return null;
}

/** False when another run has put something else live: there is nothing of ours to put back. */
async function isOurs({ deps, runId }: RunContext): Promise<boolean> {
  const { deployment } = await loadRun(deps, runId);
  if (deployment === null) return false;
  const endpoint = await deps.endpoints.describe(deployment.endpointName);
  const live = endpoint?.configName ?? null;
  // While the change goes on, or after it failed, the endpoint still names what was live before.
  return live === deployment.configName || live === deployment.fromConfigName;
}

/** Whether an ended run may be what the endpoint serves without proof. */
export function leftUnproven(run: Run): boolean {
  return hasEnded(run) && run.outcome === 'failed' && hasUnprovenDeployment(run);
}
