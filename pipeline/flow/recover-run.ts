import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { jobName } from '../core/names.ts';
import { endRun } from './end-run.ts';
import { cutOff, hasUnprovenDeployment } from './execution-lost.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { createRunContext, failed, type RunContext, type RunFacts } from './run-context.ts';
import { hasJobEnded } from './stages/job.ts';
import { holdLease, releaseLease } from './stages/lease.ts';
import { revert } from './stages/revert.ts';

/** The durable flow of the execution that takes over from one that was cut off. */
export async function recoverRun(
  durable: DurableContext,
  deps: FlowDeps,
  facts: RunFacts,
): Promise<void> {
  const context = createRunContext(durable, deps, facts);
  await context.step('stop jobs', () => stopJobs(context));
  if (await context.read('look for an unproven deployment', hasUnprovenDeployment)) {
    await holdLease(context, 'recovery');
    if (await context.step('check what is live', () => isOurs(context))) {
      await revert(context, { failure: cutOff, isRefuted: false });
    }
  }
  await endRun(context, failed(cutOff));
  await releaseLease(context, 'at the end');
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
