import type { Run } from '../../core/run.ts';
import { hasEnded } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';

/**
 * The oldest run that asks, or is about to ask, for approval of the version; null when there is
 * none. A second request joins it.
 */
export async function openRequest(
  { runs }: Pick<FlowDeps, 'runs'>,
  { model, version }: { readonly model: string; readonly version: number },
): Promise<Run | null> {
  const active = await runs.list({ model, ended: false });
  const asking = active.filter(
    (run) =>
      run.version === version &&
      run.kind !== 'rollback' &&
      !hasEnded(run) &&
      run.deployment === null &&
      run.stopRequestedBy === null &&
      !isRefused(run) &&
      run.approval?.outdated == null,
  );
  return asking.sort(oldestFirst)[0] ?? null;
}

/** It was decided against, and its run is about to end. */
function isRefused({ approval }: Run): boolean {
  return approval?.outcome === 'rejected' || approval?.outcome === 'expired';
}

function oldestFirst(a: Run, b: Run): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}
