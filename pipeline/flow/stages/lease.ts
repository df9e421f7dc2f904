import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import { eachRun } from '../../core/each-run.ts';
import { hasEnded, stageOf } from '../../core/run.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';
import type { BaseContext } from '../run-context.ts';
import { GROWTH, poll } from './poll.ts';

/** Waits until this run may change the model's endpoint: one deployment per model at a time. */
export async function holdLease(
  context: BaseContext,
  purpose: 'deployment' | 'reverting' | 'recovery' | 'retirement',
): Promise<{ stopRequested: boolean; waitedSeconds: number }> {
  const { runId, model, deps } = context;
  const isResumed = context.resumed === 'deploy';
  const since = await context.step(`queue for ${purpose}`, async () => {
    const stage = isResumed ? stageOf(await loadRun(deps, runId), 'deploy') : undefined;
    return stage?.startedAt ?? deps.clock.now().toISOString();
  });
  let looks = 0;
  return poll<LeaseState, Omit<LeaseState, 'isHeld'>>(context, {
    names(look) {
      looks = look;
      return {
        look: `try ${look} for ${purpose} lease`,
        wait: `wait ${look} for ${purpose} lease`,
      };
    },
    patient: true,
    async look() {
      const run = await loadRun(deps, runId);
      const holder = await deps.leases.acquire(model, runId);
      if (holder !== runId) await record(deps, { type: 'DeploymentQueued', runId, behind: holder });
      return {
        isHeld: holder === runId,
        stopRequested: run.stopRequestedBy !== null && run.deployment === null,
        waitedSeconds: differenceInMilliseconds(deps.clock.now(), since) / 1000,
      };
    },
    judge({ isHeld, stopRequested, waitedSeconds }) {
      if (!isHeld && !stopRequested) return { pause: deps.pace.leasePoll };
      const isAtOnce = looks === 1 && !isResumed;
      return { end: { stopRequested, waitedSeconds: isAtOnce ? 0 : waitedSeconds } };
    },
    pause: deps.pace.leasePoll,
    growth: GROWTH,
    // Only a deployment begins with its queue; a put-back must go on where it is.
    mayContinue: purpose === 'deployment',
    async isReady() {
      const run = await loadRun(deps, runId);
      return run.stopRequestedBy !== null || (await deps.leases.acquire(model, runId)) === runId;
    },
  });
}

interface LeaseState {
  readonly isHeld: boolean;
  readonly stopRequested: boolean;
  readonly waitedSeconds: number;
}

/** Lets the next deployment of the model go on. */
export async function releaseLease(
  { runId, model, deps, step }: BaseContext,
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
