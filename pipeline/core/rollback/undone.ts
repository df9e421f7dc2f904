import { deployedVersion, type Run } from '../run.ts';

/** Deployments that stayed, newest first. */
export function newestDeploymentFirst(runs: readonly Run[]): readonly Run[] {
  return runs
    .filter((run) => deployedVersion(run) !== null)
    .sort((a, b) => verifiedAt(b).localeCompare(verifiedAt(a)));
}

const verifiedAt = (run: Run) => run.deployment?.verifiedAt ?? '';

/**
 * The rollback that took the version out of production, when no one approved the version since;
 * `history` is newest first. Going to it again is a promotion, with an approval.
 */
export function undoneBy(history: readonly Run[], version: number): Run | null {
  const undone = createUndone();
  for (const run of history) undone.add(run);
  return undone.by(version);
}

/** Versions that a rollback took out of production, from deployments given newest first. */
export function createUndone() {
  const undone = new Map<number, Run>();
  const approvedSince = new Set<number>();
  return {
    has: (version: number) => undone.has(version),
    by: (version: number) => undone.get(version) ?? null,
    add(run: Run): void {
      const { kind, deployment } = run;
      if (deployment === null) return;
      const { from, to } = deployment;
      if (kind !== 'rollback') approvedSince.add(to);
      else if (from !== null && !approvedSince.has(from) && !undone.has(from)) {
        undone.set(from, run);
      }
    },
  };
}
