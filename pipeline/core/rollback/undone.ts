import { deployedVersion, type Run, type RunId } from '../run.ts';

/** Deployments that stayed, newest first. */
export function newestDeploymentFirst(runs: readonly Run[]): readonly Run[] {
  return runs
    .filter((run) => deployedVersion(run) !== null)
    .sort((a, b) => verifiedAt(b).localeCompare(verifiedAt(a)));
}

const verifiedAt = (run: Run) => run.deployment?.verifiedAt ?? '';

/**
 * The run that took the version out of production, when no one approved the version since; `history`
 * is newest first. Going to it again is a promotion, with an approval.
 */
export function undoneBy(history: readonly Run[], version: number): RunId | null {
  const undone = createUndone();
  for (const run of history) undone.add(run);
  return undone.by(version);
}

/**
 * Versions that left production for a reason, from deployments given newest first: by a rollback, or
 * because they did not work when they took the place of a deployment.
 */
export function createUndone() {
  const undone = new Map<number, RunId>();
  const approvedSince = new Set<number>();
  function addUnlessApproved(version: number, by: RunId): void {
    if (!approvedSince.has(version) && !undone.has(version)) undone.set(version, by);
  }
  return {
    has: (version: number) => undone.has(version),
    by: (version: number) => undone.get(version) ?? null,
    add({ id, kind, deployment }: Run): void {
      if (deployment === null) return;
      const { from, to, refuted = [] } = deployment;
      for (const each of refuted) addUnlessApproved(each.version, each.by);
      if (kind !== 'rollback') approvedSince.add(to);
      else if (from !== null && from !== to) addUnlessApproved(from, id);
    },
  };
}
