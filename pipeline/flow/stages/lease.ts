import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import { eachRun } from '../../core/each-run.ts';
import { hasEnded } from '../../core/run.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';
import type { RunContext } from '../run-context.ts';

/** Waits until this run may change the model's endpoint: one deployment per model at a time. */
export async function holdLease(
  context: RunContext,
  purpose: string,
): Promise<{ stopRequested: boolean; waitedSeconds: number }> {
  const { runId, model, deps } = context;
  const since = await context.step(`queue for ${purpose}`, async () =>
    deps.clock.now().toISOString(),
  );
  for (let look = 1; ; look++) {
    const state = await context.step(`try ${look} for ${purpose} lease`, async () => {
      const run = await loadRun(deps, runId);
      const holder = await deps.leases.acquire(model, runId);
      if (holder !== runId) await record(deps, { type: 'DeploymentQueued', runId, behind: holder });
      return {
        isHeld: holder === runId,
        stopRequested: run.stopRequestedBy !== null && run.deployment === null,
        waitedSeconds: differenceInMilliseconds(deps.clock.now(), since) / 1000,
      };
    });
    if (state.isHeld || state.stopRequested) {
      return {
        stopRequested: state.stopRequested,
        waitedSeconds: look === 1 ? 0 : state.waitedSeconds,
      };
    }
    await context.waitUntilResumed(
      `wait ${look} for ${purpose} lease`,
      deps.pace.leasePoll,
      async () => {
        const run = await loadRun(deps, runId);
        return run.stopRequestedBy !== null || (await deps.leases.acquire(model, runId)) === runId;
      },
    );
  }
}

/** Lets the next deployment of the model go on. */
export async function releaseLease(
  { runId, model, deps, step }: RunContext,
  when: string,
): Promise<void> {
  await step(`release lease ${when}`, async () => {
    await deps.leases.release(model, runId);
    for await (const run of eachRun(deps.runs.list, { model, ended: false })) {
      if (run.waitingFor !== null && !hasEnded(run)) await resumeRun(deps, run.id);
    }
    return null;
  });
}
