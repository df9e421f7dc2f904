import type { StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Actor, Run } from '../../../pipeline/core/run.ts';

/** The request that repeats a run with its dataset, settings and version; null for a rollback. */
export function sameAgain(
  run: Run,
  by: { readonly requestId: string; readonly requestedBy: Actor },
): StartRun | null {
  const common = { ...by, model: run.model, reason: run.reason };
  if (run.kind === 'promote' && run.version !== null) {
    return { ...common, kind: 'promote', version: run.version };
  }
  if (run.kind !== 'retrain') return null;
  const hyperparameters = Object.fromEntries(
    Object.entries(run.hyperparameters).map(([name, value]) => [name, String(value)]),
  );
  const { dataset, spot = null } = run;
  return { ...common, kind: 'retrain', dataset, hyperparameters, spot };
}
