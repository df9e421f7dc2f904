import type { Pipeline } from '../../core/pipeline.ts';
import { waitsForSpot } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';

/** Asks the run to stop the waiting Spot job and to start an on-demand one in its place. */
export async function switchToOnDemand(
  deps: FlowDeps,
  { runId, by }: Parameters<Pipeline['switchToOnDemand']>[0],
): ReturnType<Pipeline['switchToOnDemand']> {
  const run = await loadRun(deps, runId);
  if (!waitsForSpot(run) || run.stopRequestedBy !== null) return { status: 'too_late', run };
  const asked = await record(deps, { type: 'OnDemandRequested', runId, by });
  if (asked.onDemandRequestedBy === undefined) return { status: 'too_late', run: asked };
  await resumeRun(deps, runId);
  return { status: 'switching', run: asked };
}
