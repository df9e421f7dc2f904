import { addMinutes } from 'date-fns/addMinutes';
import type { Errors } from '../../core/alert/error-rates.ts';
import { type Failure, MlopsError, toFailure } from '../../core/errors.ts';
import { endpointConfigName, endpointName } from '../../core/names.ts';
import type { EndpointConfig, EndpointDescription, RegisteredVersion } from '../../core/ports.ts';
import type { Recipe } from '../../core/python-contract.ts';
import type { Run } from '../../core/run.ts';
import { loadRun } from '../load-run.ts';
import { noteRollback } from '../note-rollback.ts';
import { currentProduction, endpointConfigOf, versionOfRun } from '../production.ts';
import { record } from '../record.ts';
import { tellReplaced } from '../replaced-run.ts';
import { requireRollbackTarget } from '../rollback-target.ts';
import { type Ending, failed, failureOf, type RunContext, stopped } from '../run-context.ts';
import { superseded } from '../superseded.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { verifyArchive } from '../verify-archive.ts';
import { verifyEndpoint } from '../verify-endpoint.ts';
import { holdLease, releaseLease } from './lease.ts';
import { type Problem, revert } from './revert.ts';
import { settleEndpoint } from './settle-endpoint.ts';

/**
 * Puts the version live: takes the model's lease, checks the archive, changes the endpoint, waits
 * until it serves *our* configuration, and compares its answers with recorded ones. Only then is
 * the deployment recorded; anything else puts the previous configuration back.
 */
export async function deploy(context: RunContext): Promise<Ending | null> {
  const lease = await holdLease(context, 'deployment');
  if (lease.stopRequested) return stopped;
  await context.step('check archive', () => checkArchive(context));
  const plan = await context.step('plan deployment', () =>
    planDeployment(context, lease.waitedSeconds),
  );
  if (plan.kind === 'end') return plan.ending;
  const problem = await changeAndVerify(context, plan);
  if (problem !== null) {
    await revert(context, problem);
    return failed(problem.failure);
  }
  await releaseLease(context, 'after deployment');
  return null;
}

/** So many looks, `endpointPoll` apart, may find the endpoint too busy to answer recorded rows. */
const MOST_VERIFICATIONS = 20;

/** Null once the endpoint serves our configuration and answers as recorded; else what is wrong. */
async function changeAndVerify(
  context: RunContext,
  { config, smokeKey }: Extract<Plan, { kind: 'go' }>,
): Promise<Problem | null> {
  const { deps } = context;
  try {
    await context.step('change endpoint', async () => {
      await deps.endpoints.deploy(config);
      return null;
    });
    await settleEndpoint(context, 'deployment');
    for (let attempt = 1; ; attempt++) {
      const name = attempt === 1 ? 'verify endpoint' : `verify endpoint, attempt ${attempt}`;
      const seen = await context.look(name, () => verify(context, config, smokeKey));
      if (seen.isReached) return seen.value && problemOf(seen.value);
      if (attempt === MOST_VERIFICATIONS) return problemOf(unverifiable(seen.reason), false);
      const pause = deps.pace.endpointPoll;
      await context.waitUntilResumed(`wait ${attempt} to verify`, pause, async () => false);
    }
  } catch (error) {
    // Whatever went wrong, nothing is proven, so what was live before comes back.
    return problemOf(failureOf(context, error), false);
  }
}

/** A version whose answers differ is refuted; an endpoint that did not change says nothing of it. */
function problemOf(failure: Failure, isRefuted = failure.code === 'VERIFICATION_FAILED'): Problem {
  return { failure, isRefuted };
}

function unverifiable(reason: string): Failure {
  return {
    code: 'VERIFICATION_FAILED',
    message: `The endpoint could not be asked for its recorded answers: ${reason}`,
    hint: 'Promote the version again when the endpoint has room for requests.',
  };
}

type Plan =
  | { kind: 'go'; config: EndpointConfig; smokeKey: string }
  | { kind: 'end'; ending: Ending };

/** Runs before anything changes, so that a damaged archive leaves nothing half-done. */
async function checkArchive({ runId, deps }: RunContext): Promise<null> {
  const run = await loadRun(deps, runId);
  await verifyArchive(deps, await versionOfRun(deps, run), run.kind);
  return null;
}

async function planDeployment(context: RunContext, waitedSeconds: number): Promise<Plan> {
  const { runId, model, config, deps } = context;
  const run = await loadRun(deps, runId);
  const version = await versionOfRun(deps, run);
  const production = await currentProduction(deps, model);
  const live = production?.version ?? null;
  const configName = endpointConfigName(model, version.version, runId);
  if (run.deployment === null) {
    if (run.kind !== 'rollback' && live !== run.evaluatedAgainst) {
      const change = { before: run.evaluatedAgainst, now: live };
      return { kind: 'end', ending: superseded(model, version.version, change) };
    }
    if (run.kind !== 'rollback') refuseUnapproved(run, version);
    // While it waited for the lease, its version may have failed in production, or another gone live.
    else if (live !== version.version)
      await requireRollbackTarget(deps, model, { live, version: version.version });
    await record(deps, {
      type: 'DeploymentStarted',
      runId,
      from: live,
      fromConfigName: production?.configName ?? null,
      to: version.version,
      endpointName: endpointName(model),
      configName,
      before: production && errorsOf(production.endpoint),
      waitedSeconds,
    });
  }
  const started = await loadRun(deps, runId);
  if (started.deployment?.configName !== configName) {
    throw new MlopsError('APPROVAL_MISSING', 'This deployment has not been approved.');
  }
  return {
    kind: 'go',
    config: endpointConfigOf(config.serving, version, configName),
    smokeKey: version.smokeKey,
  };
}

function errorsOf({ invocations, serverErrors }: EndpointDescription): Errors {
  return { requests: invocations, errors: serverErrors };
}

/** The last line before production: the approval must be for exactly this version. */
function refuseUnapproved(run: Run, version: RegisteredVersion): void {
  const { approval } = run;
  const approved = approval?.outcome === 'approved' || approval?.outcome === 'not_needed';
  if (approved && approval.digest === version.digest) return;
  throw new MlopsError(
    'APPROVAL_MISSING',
    `Version ${version.version} is not the one that was approved.`,
    {
      hint: `/mlops promote ${run.model} ${version.version} requests a new approval.`,
    },
  );
}

/** Null when the live endpoint serves our configuration correctly; otherwise what is wrong. */
async function verify(
  { runId, model, config, deps }: RunContext,
  wanted: EndpointConfig,
  smokeKey: string,
) {
  const endpoint = await deps.endpoints.describe(wanted.endpointName);
  if (endpoint?.status !== 'InService' || endpoint.configName !== wanted.configName) {
    return {
      code: 'DEPLOYMENT_FAILED' as const,
      message:
        endpoint?.failureReason ?? `The endpoint did not switch to version ${wanted.version}.`,
      hint: 'The endpoint’s log has the details. Production is unchanged.',
    };
  }
  try {
    const { rows, shortest } = await verifyEndpoint(deps, wanted.endpointName, smokeKey);
    const deployed = await record(deps, {
      type: 'VersionDeployed',
      runId,
      url: endpoint.url,
      example: exampleFor(deps.recipes.get(wanted.recipe), shortest),
      verifiedRows: rows,
      startSeconds: endpoint.startSeconds ?? 0,
      watchUntil: addMinutes(deps.clock.now(), config.watch.minutes).toISOString(),
    });
    await tellReplaced(deps, deployed);
    // Nothing depends on it yet, and the watch does it again: a deployment must not fail for it.
    const later = (error: unknown) =>
      deps.logError({ message: 'What follows is noted later.', runId, step: null, error });
    await noteRollback(deps, deployed).catch(later);
    await tellWaiting(deps, model, { isProven: false }).catch(later);
    return null;
  } catch (error) {
    if (!(error instanceof MlopsError) || error.retryable) throw error;
    return { ...toFailure(error), hint: `${model} was restored to its previous state.` };
  }
}

/**
 * Text recipes name a readable example. Requests of other tasks must match the model's features, so
 * a recorded one is shown.
 */
function exampleFor(
  recipe: Recipe | undefined,
  recorded: { contentType: string; body: string },
): { contentType: string; body: string } {
  if (recipe?.task !== 'text-classification') {
    return { contentType: recorded.contentType, body: recorded.body };
  }
  const { contentType, example } = recipe.invocation;
  return { contentType, body: JSON.stringify(example) };
}
