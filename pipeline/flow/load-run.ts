import { MlopsError } from '../core/errors.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/** @throws {MlopsError} `RUN_UNKNOWN`. */
export async function loadRun(deps: Pick<FlowDeps, 'runs'>, runId: RunId): Promise<Run> {
  const run = await deps.runs.get(runId);
  if (run === null) throw new MlopsError('RUN_UNKNOWN', `There is no run “${runId}”.`);
  return run;
}
