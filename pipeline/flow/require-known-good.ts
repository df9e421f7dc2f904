import { MlopsError } from '../core/errors.ts';
import { deployedVersion } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { deploymentHistory, wasRolledBack } from './production.ts';

type Deps = Pick<FlowDeps, 'registry' | 'runs' | 'endpoints'>;

/** @throws {MlopsError} `VERSION_UNKNOWN`. */
export async function requireVersion(deps: Deps, model: string, version: number): Promise<void> {
  if ((await deps.registry.get(model, version)) !== null) return;
  const versions = await deps.registry.list(model, { limit: 10 });
  throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`, {
    hint:
      versions.length === 0
        ? 'No version has been registered yet.'
        : `It has: ${versions.map((each) => each.version).join(', ')}.`,
  });
}

/**
 * Rolling back skips the approval, so it only goes to what was approved and live before, and has not
 * left production for a reason since. @throws {MlopsError} `NOTHING_TO_ROLL_BACK`.
 */
export async function requireKnownGood(deps: Deps, model: string, version: number): Promise<void> {
  await requireVersion(deps, model, version);
  const history = await deploymentHistory(deps, model);
  if (wasRolledBack(history, version)) {
    throw new MlopsError('NOTHING_TO_ROLL_BACK', `${model} v${version} was rolled back before.`, {
      hint: `/mlops promote ${model} ${version} requests a new approval for it.`,
    });
  }
  if (history.some((run) => run.deployment?.to === version)) return;
  // The history is long: perhaps the run that registered the version deployed it.
  const maker = (await deps.registry.get(model, version))?.runId;
  const made = maker === undefined ? null : await deps.runs.get(maker);
  if (made !== null && deployedVersion(made) === version) return;
  throw new MlopsError('NOTHING_TO_ROLL_BACK', `${model} v${version} was never live.`, {
    hint: `/mlops promote ${model} ${version} requests approval for it.`,
  });
}
