import { endpointName, runOfConfig } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import { leftUnproven, startRecovery } from './execution-lost.ts';
import type { FlowDeps } from './flow-deps.ts';

/** How the endpoint of a model and the run records disagree. */
export type Disagreement =
  /** It serves what no run of ours deployed: somebody changed it by hand. */
  | { readonly kind: 'foreign'; readonly model: string; readonly configName: string }
  /** It serves a deployment that was never proven; it is being put back. */
  | { readonly kind: 'unproven'; readonly model: string; readonly runId: RunId };

/**
 * Compares what the endpoint of a model serves with the record of the run that deployed it, and has
 * an unproven deployment of an ended run put back. Null when they agree, and while the run goes on.
 */
export async function reconcileProduction(
  deps: Pick<FlowDeps, 'endpoints' | 'runs' | 'executions'>,
  model: string,
): Promise<Disagreement | null> {
  const endpoint = await deps.endpoints.describe(endpointName(model));
  const configName = endpoint?.configName ?? null;
  if (configName === null) return null;
  const runId = runOfConfig(model, configName);
  const run = runId === null ? null : await deps.runs.get(runId);
  if (run === null) return { kind: 'foreign', model, configName };
  if (run.deployment?.configName !== configName || !leftUnproven(run)) return null;
  await startRecovery(deps, run.id);
  return { kind: 'unproven', model, runId: run.id };
}
