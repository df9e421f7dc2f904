import type { Pipeline } from '../../core/pipeline.ts';
import { refuseReminder } from '../../core/reminding.ts';
import { isSameActor } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';

/** Reminds the approvers of an open request; of two people at the same instant the first counts. */
export async function remind(
  deps: FlowDeps,
  { runId, by }: Parameters<Pipeline['remind']>[0],
): ReturnType<Pipeline['remind']> {
  const run = await loadRun(deps, runId);
  const refusal = refuseReminder(run, deps.clock.now());
  if (refusal !== null) return { status: 'refused', run, refusal };
  const count = run.approval?.reminder?.count ?? 0;
  const next = await record(deps, { type: 'ReminderRequested', runId, by });
  const reminder = next.approval?.reminder;
  if (reminder !== undefined && reminder.count > count && isSameActor(reminder.by, by))
    return { status: 'reminded', run: next };
  const late = refuseReminder(next, deps.clock.now()) ?? { kind: 'not_waiting' };
  return { status: 'refused', run: next, refusal: late };
}
