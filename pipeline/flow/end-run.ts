import { auditDecisions } from './audit-decisions.ts';
import { record } from './record.ts';
import type { Ending, RunContext } from './run-context.ts';

/** Records how the run ended. Whatever was decided about it is in the audit log afterwards. */
export async function endRun(
  { runId, deps, step }: Pick<RunContext, 'runId' | 'deps' | 'step'>,
  ending: Ending,
): Promise<void> {
  await step('end run', async () => {
    const ended = await record(deps, { type: 'RunEnded', runId, ...ending });
    await auditDecisions(deps, ended);
    return null;
  });
}
