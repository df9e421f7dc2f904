import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import type { Errors } from '../../core/alert/error-rates.ts';
import { areErrorsProven } from '../../core/alert/proven-errors.ts';
import { type Failure, MlopsError, toFailure } from '../../core/errors.ts';
import { endpointName } from '../../core/names.ts';
import { endReplaced } from '../alerts/end-replaced.ts';
import { observeKnownScore } from '../alerts/observe-evaluation.ts';
import { keepBestVersion } from '../gate-ledger.ts';
import { loadRun } from '../load-run.ts';
import { noteRollback } from '../note-rollback.ts';
import { record } from '../record.ts';
import { type Ending, failed, failureOf, type RunContext } from '../run-context.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { verifyEndpoint } from '../verify-endpoint.ts';
import { holdLease, releaseLease } from './lease.ts';
import { poll } from './poll.ts';
import { type Problem, revert } from './revert.ts';

/** How many endpoint configurations are kept for rollbacks. */
const keptConfigurations = 5;

/**
 * Checks the new deployment until its bake window is over; a failure in it puts the previous
 * configuration back. Ends early when another run has put something else live.
 */
export async function watch(context: RunContext): Promise<Ending | null> {
  const { runId, deps } = context;
  const problem = await watchUntilProven(context).catch((error) => ({
    failure: failureOf(context, error),
    isRefuted: false,
  }));
  if (problem !== null) return revertBroken(context, problem);
  await context.step('complete watch', async () => {
    const run = await loadRun(deps, runId);
    const { deployment, model } = run;
    const since = deployment?.verifiedAt ?? deps.clock.now().toISOString();
    const waitingSeconds = differenceInMilliseconds(deps.clock.now(), since) / 1000;
    await record(deps, { type: 'WatchCompleted', runId, waitingSeconds });
    const endpoint = await deps.endpoints.describe(endpointName(model));
    if (deployment !== null && endpoint?.configName === deployment.configName) {
      await endReplaced(deps, model, deployment.to);
      await noteRollback(deps, run);
      await tellWaiting(deps, model, { isProven: true });
      if (run.kind === 'rollback') {
        await observeKnownScore(deps, model, { version: deployment.to, at: since });
      }
      await keepBestVersion(deps, run);
    }
    await deps.endpoints.prune(endpointName(model), keptConfigurations);
    return null;
  });
  return null;
}

/** So many looks in a row, `watchCheck` apart, may reach nothing before the deployment is undone. */
const MOST_MISSES = 30;

/**
 * A day after the deployment there is a look every 14 minutes. An alarm of the endpoint resumes the
 * run at once, however long the pause.
 */
const GROWTH_OF_WATCH = 0.01;

/** Null when the bake window is over and its last look was good; otherwise what is wrong. */
async function watchUntilProven(context: RunContext): Promise<Problem | null> {
  const pause = context.deps.pace.watchCheck;
  return poll<WatchState, Problem | null>(context, {
    names: (look) => ({ look: `look ${look} at deployment`, wait: `wait ${look} in bake window` }),
    look: () => lookAtDeployment(context),
    judge(state) {
      if (state.kind === 'broken') return { end: { failure: state.failure, isRefuted: true } };
      if (state.kind === 'over') return { end: null };
      const { seconds, secondsLeft = seconds, age = 0 } = state;
      return { pause: seconds, longest: secondsLeft, age };
    },
    judgeMisses: (misses, reason) =>
      misses === MOST_MISSES
        ? { end: { failure: unreachable(reason), isRefuted: false } }
        : { pause, longest: pause },
    pause,
    growth: GROWTH_OF_WATCH,
    mayContinue: true,
    isReady: async () => false,
  });
}

function unreachable(reason: string): Failure {
  return {
    code: 'VERIFICATION_FAILED',
    message: `The endpoint could not be checked in its bake window: ${reason}`,
    hint: 'Promote the version again when the endpoint has room for requests.',
  };
}

type WatchState =
  /** The last two are left out in histories from before. */
  | { kind: 'watching'; seconds: number; secondsLeft?: number; age?: number }
  | { kind: 'over' }
  | { kind: 'broken'; failure: Failure };

async function lookAtDeployment({ runId, config, deps }: RunContext): Promise<WatchState> {
  const { deployment, version, model } = await loadRun(deps, runId);
  if (deployment?.watchUntil == null || version === null) return { kind: 'over' };
  const endpoint = await deps.endpoints.describe(deployment.endpointName);
  // Another configuration is live now, so there is nothing left to watch.
  if (endpoint?.configName !== deployment.configName) return { kind: 'over' };
  if (endpoint.status === 'Failed') {
    return broken(endpoint.failureReason ?? 'The endpoint stopped answering.');
  }
  if (endpoint.status !== 'InService') {
    return { kind: 'watching', seconds: deps.pace.endpointPoll };
  }
  const { invocations, serverErrors } = endpoint;
  const { maxErrorRate, minimumRequests } = config.watch;
  const now = { requests: invocations, errors: serverErrors };
  const before = deployment.before ?? null;
  if (invocations >= minimumRequests && areErrorsProven(now, maxErrorRate, before)) {
    const failed = `${serverErrors} of ${invocations} requests failed with a server error`;
    const limit = `(${percent(serverErrors / invocations)}); the limit is ${percent(maxErrorRate)}.`;
    return broken(`${failed} ${limit}${beforehand(before)}`);
  }
  const registered = await deps.registry.get(model, version);
  try {
    await verifyEndpoint(deps, deployment.endpointName, registered?.smokeKey ?? '');
  } catch (error) {
    if (!(error instanceof MlopsError) || error.retryable) throw error;
    return broken(toFailure(error).message);
  }
  const secondsLeft = differenceInMilliseconds(deployment.watchUntil, deps.clock.now()) / 1000;
  if (secondsLeft <= 0) return { kind: 'over' };
  const since = deployment.verifiedAt ?? deployment.startedAt;
  return {
    kind: 'watching',
    seconds: Math.min(secondsLeft, deps.pace.watchCheck),
    secondsLeft,
    age: differenceInMilliseconds(deps.clock.now(), since) / 1000,
  };
}

function beforehand(before: Errors | null): string {
  if (before === null || before.requests === 0) return '';
  return ` Before the deployment it was ${percent(before.errors / before.requests)}.`;
}

/** With at most two decimals: one in a thousand must not read as none. */
function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function broken(message: string): WatchState {
  return {
    kind: 'broken',
    failure: {
      code: 'VERIFICATION_FAILED',
      message,
      hint: 'The endpoint’s log has the details.',
    },
  };
}

/** Reverts under the lease, and only while our configuration is still live. */
async function revertBroken(context: RunContext, problem: Problem): Promise<Ending | null> {
  const { runId, deps } = context;
  await holdLease(context, 'reverting');
  const isStillOurs = await context.step('check what is live', async () => {
    const { deployment } = await loadRun(deps, runId);
    const endpoint = await deps.endpoints.describe(deployment?.endpointName ?? '');
    return endpoint?.configName === deployment?.configName;
  });
  if (isStillOurs) await revert(context, problem);
  await releaseLease(context, 'after reverting');
  return isStillOurs ? failed(problem.failure) : null;
}
