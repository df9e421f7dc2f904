import { jobName } from '../../core/names.ts';
import type { JobLog, Pipeline } from '../../core/pipeline.ts';
import { stageOf } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';

/** What a job of the run printed last. @throws {MlopsError} `RUN_UNKNOWN`. */
export async function jobLog(
  deps: FlowDeps,
  { runId, lines, job }: Parameters<Pipeline['logs']>[0],
): Promise<JobLog | null> {
  const run = await loadRun(deps, runId);
  const hasEvaluation = stageOf(run, 'evaluate')?.startedAt != null;
  const wanted = job ?? (hasEvaluation ? 'evaluate' : 'train');
  const evaluation = hasEvaluation ? jobName(runId, 'evaluate', 1) : undefined;
  const name = wanted === 'evaluate' ? evaluation : run.training?.jobName;
  return name === undefined ? null : { job: wanted, lines: await deps.jobs.logs(name, lines) };
}
