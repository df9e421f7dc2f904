import type { HandOverResult } from '../../core/approval-commands.ts';
import { refuseHandOver } from '../../core/handing-over.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { isSameActor } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';

/** Asks one person to decide; judged before and after the write, like a decision. */
export async function handOver(
  deps: FlowDeps,
  { runId, by, to, memberOf }: Parameters<Pipeline['handOver']>[0],
): Promise<HandOverResult> {
  const run = await loadRun(deps, runId);
  const asked = { to, memberOf, now: deps.clock.now() };
  const refusal = refuseHandOver(run, asked);
  if (refusal !== null) return { status: 'refused', run, refusal };
  const next = await record(deps, { type: 'ApprovalHandedOver', runId, by, to });
  const isOurs = next.approval?.handedOver?.some(
    (each) => each.to.id === to.id && isSameActor(each.by, by),
  );
  if (isOurs === true) return { status: 'handed_over', run: next };
  const late = refuseHandOver(next, asked) ?? { kind: 'too_often' };
  return { status: 'refused', run: next, refusal: late };
}
