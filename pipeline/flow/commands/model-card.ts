import type { ReadCard } from '../../core/evidence/evidence-queries.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { keptModelCard, makeModelCard } from '../model-card.ts';
import { requireVersion } from '../require-version.ts';

/**
 * The card of a version as it was registered; of a version from before cards were written, made now from
 * what is still stored. Writes nothing.
 * @throws {MlopsError} `MODEL_UNKNOWN`, `VERSION_UNKNOWN`, `RUN_UNKNOWN`.
 */
export async function modelCard(
  deps: Pick<FlowDeps, 'artifacts' | 'config' | 'registry' | 'runs'>,
  { model, version: number }: Parameters<Pipeline['modelCard']>[0],
): Promise<ReadCard> {
  const config = modelConfig(deps.config, model);
  const version = await requireVersion(deps, model, number);
  const kept = await keptModelCard(deps, version.runId);
  if (kept !== null) return { card: kept, isKept: true };
  const run = await loadRun(deps, version.runId);
  return { card: await makeModelCard(deps, { run, version, config }), isKept: false };
}
