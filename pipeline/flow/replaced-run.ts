import { runOfConfig } from '../core/names.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { record } from './record.ts';

type Deps = Pick<FlowDeps, 'runs' | 'bus' | 'clock'>;

/** Records, in the run whose version was live before, that this run's version replaced it. */
export async function tellReplaced(deps: Deps, run: Run): Promise<void> {
  const { deployment } = run;
  const runId = await runBefore(deps, run);
  if (runId === null || deployment === null) return;
  const { to: version } = deployment;
  const rollback =
    run.kind === 'rollback' ? { rollback: { by: run.requestedBy, reason: run.reason } } : {};
  await record(deps, { type: 'DeploymentReplaced', runId, by: run.id, version, ...rollback });
}

/** Records there that its version is live again, and whether this run's version is to blame. */
export async function tellRestored(deps: Deps, run: Run, isRefuted: boolean): Promise<void> {
  const runId = await runBefore(deps, run);
  if (runId === null || run.deployment === null) return;
  const refuted = isRefuted ? { refuted: run.deployment.to } : {};
  await record(deps, { type: 'DeploymentRestored', runId, by: run.id, ...refuted });
}

async function runBefore(deps: Deps, { model, deployment }: Run): Promise<RunId | null> {
  const configName = deployment?.fromConfigName ?? null;
  const runId = configName === null ? null : runOfConfig(model, configName);
  if (runId === null) return null;
  return (await deps.runs.get(runId)) === null ? null : runId;
}
