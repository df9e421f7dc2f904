import { refuseDecision } from '../../core/approval.ts';
import type { DecisionResult } from '../../core/approval-commands.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { isSameActor } from '../../core/run.ts';
import { auditDecisions } from '../audit-decisions.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { record } from '../record.ts';
import { resumeRun } from '../resume-run.ts';

/**
 * Counts a decision exactly once, and writes its entry of the audit log. It is judged before and
 * after the conditional write: of two people at the same instant, or two clicks of one, the record
 * shows who was first.
 */
export async function decide(
  deps: FlowDeps,
  request: Parameters<Pipeline['decide']>[0],
): Promise<DecisionResult> {
  const run = await deps.runs.get(request.runId);
  if (run === null) return { status: 'refused', refusal: { kind: 'run_unknown' } };
  const now = deps.clock.now();
  const refusal = refuseDecision(run, { ...request, now });
  if (refusal !== null) return { status: 'refused', refusal };
  const { by, outcome, reason, digest, via, from = 'slack' } = request;
  const at = now.toISOString();
  const decided = await record(deps, {
    type: 'DecisionRecorded',
    runId: run.id,
    digest,
    decision: { by, outcome, reason, at, ...(via === undefined ? {} : { via }), from },
  });
  const counted = decided.approval?.decisions.some(
    (each) => isSameActor(each.by, by) && each.at === at && each.outcome === outcome,
  );
  if (counted !== true) {
    const late = refuseDecision(decided, { ...request, now });
    return { status: 'refused', refusal: late ?? { kind: 'already_decided', run: decided } };
  }
  await auditDecisions(deps, decided).catch((error: unknown) =>
    // It counts all the same; whoever goes on with the run writes the entry.
    deps.logError({
      message: 'A decision is not in the audit yet.',
      runId: run.id,
      step: null,
      error,
    }),
  );
  if (decided.approval?.outcome !== null) await resumeRun(deps, run.id);
  return { status: 'counted', run: decided };
}
