import type { SnoozeResult } from '../../core/approval-commands.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { refuseSnooze } from '../../core/snoozing.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';

/** Reminds one person of an open request at a time of theirs; judged before and after the write. */
export async function snooze(
  deps: FlowDeps,
  { runId, by, memberOf, until }: Parameters<Pipeline['snooze']>[0],
): Promise<SnoozeResult> {
  const run = await loadRun(deps, runId);
  const asked = { by, memberOf, until, now: deps.clock.now() };
  const refusal = refuseSnooze(run, asked);
  if (refusal !== null) return { status: 'refused', run, refusal };
  const next = await record(deps, { type: 'ApprovalSnoozed', runId, by, until });
  const isKept = next.approval?.snoozes?.some(
    (each) => each.by.id === by.id && each.until === until && each.remindedAt === null,
  );
  if (isKept !== true) {
    const late = refuseSnooze(next, asked) ?? { kind: 'too_often' };
    return { status: 'refused', run: next, refusal: late };
  }
  // It waits for its next step, which may be later.
  await resumeRun(deps, runId);
  return { status: 'snoozed', run: next };
}
