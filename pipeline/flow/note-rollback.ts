import { MlopsError } from '../core/errors.ts';
import { markOf } from '../core/rollback/version-mark.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'registry'>;

/**
 * Keeps in the registry what the deployment of this run means for versions: one that was rolled
 * back, or put back without people, is marked; one that is live with an approval is not. Safe to
 * repeat while the run's version is live, or right after it was put back. `isRefuted`: production
 * showed that a version that was put back does not work; otherwise nothing is known of it.
 */
export async function noteRollback(
  deps: Deps,
  run: Run,
  { isRefuted = true }: { readonly isRefuted?: boolean } = {},
): Promise<void> {
  const { id, model, kind, deployment } = run;
  if (deployment === null) return;
  const { from, to, revertedAt } = deployment;
  const mark = markOf(run);
  const isMarked = mark !== null && (mark.kind === 'rolled_back' || isRefuted);
  if (isMarked) await setRolledBack(deps, model, mark.version, id);
  else if (kind !== 'rollback' && revertedAt === null) await unmark(deps, model, to);
  // The rollback did not hold, so what it took out is live again.
  const isUndoneRollback = kind === 'rollback' && revertedAt !== null && from !== null;
  if (isUndoneRollback) await unmark(deps, model, from, id);
}

/** Takes the mark off, or only one that the run `by` has left. */
async function unmark({ registry }: Deps, model: string, version: number, by?: string) {
  const marked = (await registry.get(model, version))?.rolledBackBy ?? null;
  if (marked === null || (by !== undefined && by !== marked)) return;
  await setRolledBack({ registry }, model, version, null);
}

/** A version that the registry lost cannot be deployed, so it needs no mark. */
async function setRolledBack(
  { registry }: Deps,
  model: string,
  version: number,
  by: RunId | null,
): Promise<void> {
  try {
    await registry.setRolledBack(model, version, by);
  } catch (error) {
    if (!(error instanceof MlopsError) || error.code !== 'VERSION_UNKNOWN') throw error;
  }
}
