import { MlopsError } from '../../core/errors.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { markOf, type VersionMark } from '../../core/rollback/version-mark.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { record } from '../record.ts';
import { requireVersion } from '../require-version.ts';

/** Takes the mark off a version; the first person counts, later ones change nothing. */
export async function liftMark(
  deps: Pick<FlowDeps, 'config' | 'registry' | 'runs' | 'bus' | 'clock'>,
  { model, version, by, reason }: Parameters<Pipeline['liftMark']>[0],
): Promise<VersionMark> {
  modelConfig(deps.config, model);
  const { rolledBackBy: runId } = await requireVersion(deps, model, version);
  const run = runId === null ? null : await deps.runs.get(runId);
  const mark = run && markOf(run);
  if (runId === null || mark === null) {
    throw new MlopsError('CONFLICT', `${model} v${version} is not marked as rolled back.`, {
      hint: `/mlops versions ${model} shows which versions are.`,
    });
  }
  return markOf(await record(deps, { type: 'MarkLifted', runId, by, reason })) ?? mark;
}
