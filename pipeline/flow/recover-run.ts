import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Failure } from '../core/errors.ts';
import { hasModel } from '../core/model-config.ts';
import { endRun } from './end-run.ts';
import { cutOff, hasUnprovenDeployment } from './execution-lost.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { type BaseContext, createRunContext, failed, type RunFacts } from './run-context.ts';
import { holdLease, releaseLease } from './stages/lease.ts';
import { revert } from './stages/revert.ts';
import { stopJobs } from './stop-jobs.ts';

/**
 * The durable flow of the execution that takes over from one that was cut off, or whose model has
 * been taken out of the configuration.
 */
export async function recoverRun(
  durable: DurableContext,
  deps: FlowDeps,
  facts: Omit<RunFacts, 'config'>,
): Promise<void> {
  const failure = hasModel(deps.config, facts.model) ? cutOff : modelGone(facts.model);
  const context = createRunContext(durable, deps, facts);
  await context.step('stop jobs', async () => {
    await stopJobs(deps, facts.runId);
    return null;
  });
  if (await context.read('look for an unproven deployment', hasUnprovenDeployment)) {
    await holdLease(context, 'recovery');
    if (await context.step('check what is live', () => isOurs(context))) {
      await revert(context, { failure, isRefuted: false });
    }
  }
  await endRun(context, failed(failure));
  await releaseLease(context, 'at the end');
}

function modelGone(model: string): Failure {
  return {
    code: 'MODEL_UNKNOWN',
    message: `${model} was taken out of mlops.config.ts before the run could finish.`,
    hint: cutOff.hint,
  };
}

/** False when another run has put something else live: there is nothing of ours to put back. */
async function isOurs({ deps, runId }: BaseContext): Promise<boolean> {
  const { deployment } = await loadRun(deps, runId);
  if (deployment === null) return false;
  const endpoint = await deps.endpoints.describe(deployment.endpointName);
  const live = endpoint?.configName ?? null;
  // While the change goes on, or after it failed, the endpoint still names what was live before.
  return live === deployment.configName || live === deployment.fromConfigName;
}
