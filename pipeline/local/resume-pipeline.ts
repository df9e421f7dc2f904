import { eachRun } from '../core/each-run.ts';
import type { FlowDeps } from '../flow/flow-deps.ts';
import { type Disagreement, reconcileProduction } from '../flow/reconcile-production.ts';
import { repairRun } from '../flow/repair-run.ts';
import type { DurableEngine } from './durable/durable-engine.ts';
import type { Log } from './log.ts';

/**
 * Takes up what an earlier process left: parked and cut-off runs, and endpoints that serve what no
 * record says. To call once, when jobs and endpoints are there again; one bad run stops no other.
 */
export async function resumePipeline(
  deps: FlowDeps,
  { engine, log }: { readonly engine: Pick<DurableEngine, 'resume'>; readonly log: Log },
): Promise<void> {
  for await (const run of eachRun(deps.runs.list, { ended: false })) {
    await repairRun(deps, run).catch((error: unknown) =>
      log({ message: 'The run could not be resumed.', about: run.id, error }),
    );
  }
  await engine.resume();
  for (const model of Object.keys(deps.config.models)) {
    try {
      const found = await reconcileProduction(deps, model);
      if (found !== null) log(describeDisagreement(found));
    } catch (error) {
      log({ message: 'Endpoint and records could not be compared.', about: model, error });
    }
  }
}

function describeDisagreement(found: Disagreement) {
  return found.kind === 'foreign'
    ? {
        about: found.model,
        message: `The endpoint serves ${found.configName}, which no run deployed.`,
      }
    : {
        about: found.runId,
        message: `The endpoint of ${found.model} serves a version that was never proven; what was live before is put back.`,
      };
}
