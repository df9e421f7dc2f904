import { loadRun } from '../load-run.ts';
import { endpointConfigOf } from '../production.ts';
import { record } from '../record.ts';
import { tellRestored } from '../replaced-run.ts';
import type { RunContext } from '../run-context.ts';
import { settleEndpoint } from './settle-endpoint.ts';

/** Puts back the configuration that was live before this run, and records it. */
export async function revert(context: RunContext, reason: string): Promise<void> {
  const { runId, model, config, deps } = context;
  const isReverting = await context.step('put previous configuration back', async () => {
    const { deployment } = await loadRun(deps, runId);
    const before =
      deployment?.from == null ? null : await deps.registry.get(model, deployment.from);
    if (before === null || deployment?.fromConfigName == null) return false;
    await deps.endpoints.deploy(endpointConfigOf(config, before, deployment.fromConfigName));
    return true;
  });
  if (isReverting) await settleEndpoint(context, 'reverting');
  await context.step('tell revert', async () => {
    await tellRestored(deps, await record(deps, { type: 'DeploymentReverted', runId, reason }));
    return null;
  });
}
