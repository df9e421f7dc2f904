import { MlopsError } from '../../core/errors.ts';
import type { Pipeline, StopResult } from '../../core/pipeline.ts';
import { hasEnded } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';

/** Asks a run to stop. A deployment that has begun is not stopped half-way. */
export async function stopRun(
  deps: FlowDeps,
  { runId, by }: Parameters<Pipeline['stopRun']>[0],
): Promise<StopResult> {
  const run = await deps.runs.get(runId);
  if (run === null) {
    throw new MlopsError('RUN_UNKNOWN', `There is no run “${runId}”.`, {
      hint: '/mlops runs lists the latest runs.',
    });
  }
  if (hasEnded(run)) return { status: 'already_ended', run };
  if (run.deployment !== null) return { status: 'too_late', run };
  const stopping = await record(deps, { type: 'StopRequested', runId, by });
  if (stopping.deployment !== null) return { status: 'too_late', run: stopping };
  await resumeRun(deps, runId);
  return { status: 'stopping', run: stopping };
}
