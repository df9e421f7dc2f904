import { type Failure, MlopsError } from '../../core/errors.ts';
import { servingOf } from '../../core/model-config.ts';
import { endpointName } from '../../core/names.ts';
import { loadRun } from '../load-run.ts';
import { noteRollback } from '../note-rollback.ts';
import { endpointConfigOf } from '../production.ts';
import { record } from '../record.ts';
import { tellRestored } from '../replaced-run.ts';
import { pauseAfterMisses } from '../retry-policy.ts';
import type { BaseContext } from '../run-context.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { GROWTH } from './poll.ts';
import { settleEndpoint } from './settle-endpoint.ts';

/** After so many, people are asked to look; the attempts go on. */
const ATTEMPTS_BEFORE_HELP = 3;

/** Why a deployment is undone. */
export interface Problem {
  readonly failure: Failure;
  /** Production showed that the version does not work; otherwise nothing is known of it. */
  readonly isRefuted: boolean;
}

/**
 * Puts back what was live before this run, which may be nothing, and says so in the record once the
 * endpoint shows it. It goes on trying until it is done: an unproven version must not stay.
 */
export async function revert(
  context: BaseContext,
  { failure: { message: reason }, isRefuted }: Problem,
): Promise<void> {
  const { runId, deps } = context;
  let since: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const which = attempt === 1 ? '' : `, attempt ${attempt}`;
    const begun = await context.look(`put previous configuration back${which}`, () =>
      putBack(context),
    );
    if (begun.isReached && begun.value === 'overtaken') return;
    // A history from before says `false` when nothing was live, and that nothing was done.
    if (begun.isReached && begun.value !== false) {
      await settleEndpoint(context, `reverting${which}`);
      const seen = await context.look(`check what was put back${which}`, () => isPutBack(context));
      if (seen.isReached && seen.value) break;
    }
    if (attempt === ATTEMPTS_BEFORE_HELP) {
      const why = begun.isReached ? 'The endpoint did not take the change.' : begun.reason;
      await context.record('ask for help', { type: 'PutBackDelayed', runId, reason: why });
    }
    since ??= begun.at;
    const age = begun.at === undefined ? 0 : (begun.at - (since ?? begun.at)) / 1000;
    const pause = Math.max(pauseAfterMisses(deps.pace.endpointPoll, attempt), GROWTH * age);
    await context.waitUntilResumed(`wait ${attempt} to put back`, pause, async () => false);
  }
  await context.step('tell revert', async () => {
    const reverted = await record(deps, { type: 'DeploymentReverted', runId, reason });
    await tellRestored(deps, reverted, isRefuted);
    await noteRollback(deps, reverted, { isRefuted });
    await tellWaiting(deps, context.model, { isProven: false });
    return null;
  });
}

/**
 * Begins the change; `removing` when nothing was live before, `overtaken` when another run has put
 * something else live, which is not ours to undo.
 */
async function putBack({
  runId,
  model,
  deps,
}: BaseContext): Promise<boolean | 'removing' | 'overtaken'> {
  const { deployment } = await loadRun(deps, runId);
  const { from = null, fromConfigName = null, configName = null } = deployment ?? {};
  const live = (await deps.endpoints.describe(endpointName(model)))?.configName ?? null;
  if (live !== configName && live !== fromConfigName && live !== null) return 'overtaken';
  if (from === null || fromConfigName === null) {
    await deps.endpoints.remove(endpointName(model));
    return 'removing';
  }
  const before = await deps.registry.get(model, from);
  if (before === null) {
    const message = `The registry no longer has ${model} v${from}, which was live before.`;
    throw new MlopsError('VERSION_UNKNOWN', message, { retryable: true });
  }
  await deps.endpoints.deploy(
    endpointConfigOf(servingOf(deps.config, model), before, fromConfigName),
  );
  return true;
}

/** Whether the endpoint serves what it served before this run. */
async function isPutBack({ runId, model, deps }: BaseContext): Promise<boolean> {
  const { deployment } = await loadRun(deps, runId);
  const endpoint = await deps.endpoints.describe(endpointName(model));
  return (endpoint?.configName ?? null) === (deployment?.fromConfigName ?? null);
}
