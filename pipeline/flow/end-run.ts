import { auditDecisions } from './audit-decisions.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import type { BaseContext, Ending } from './run-context.ts';
import { stopJobs } from './stop-jobs.ts';

/**
 * Records how the run ended, once its jobs are stopped: nothing would look at them afterwards.
 * Whatever was decided about it is in the audit log then.
 */
export async function endRun(
  { runId, deps, step }: Pick<BaseContext, 'runId' | 'deps' | 'step'>,
  ending: Ending,
): Promise<void> {
  await step('end run', async () => {
    const run = await loadRun(deps, runId);
    if (ending.failure !== null && run.training !== null) await stopJobs(deps, runId);
    const ended = await record(deps, { type: 'RunEnded', runId, ...ending });
    await auditDecisions(deps, ended);
    return null;
  });
}
