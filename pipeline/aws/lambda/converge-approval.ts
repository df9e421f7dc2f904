import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RegisteredVersion } from '../../core/ports.ts';
import type { Run } from '../../core/run.ts';
import type { FlowDeps } from '../../flow/flow-deps.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Brings the registry back to what people decided in Slack. A change made in SageMaker Studio has no
 * Slack identity, no quorum and no digest, so it cannot approve; the run record says what counts, and
 * the registry is made to say the same. Whoever set it finds the reason in the approval's note.
 */
export async function convergeApproval(
  deps: Pick<FlowDeps, 'registry' | 'runs' | 'config'>,
  changed: { readonly model: string; readonly version: number },
  { logger, metrics }: Pick<Telemetry, 'logger' | 'metrics'>,
): Promise<void> {
  if (!Object.hasOwn(deps.config.models, changed.model)) return;
  const registered = await deps.registry.get(changed.model, changed.version);
  if (registered === null) return;
  const run = await deps.runs.get(registered.runId);
  if (run === null) return;
  const decided = decidedBy(run, await latestRunOf(deps, registered, run));
  // While a decision is being written, run and registry differ for a moment: only a contradiction
  // to a finished or still open approval counts.
  if (decided === null || decided === registered.approval) return;
  metrics.addMetric('ApprovalsPutBack', MetricUnit.Count, 1);
  logger.warn('An approval was set outside of Slack and is put back.', {
    model: changed.model,
    version: changed.version,
    found: registered.approval,
    decided,
  });
  await deps.registry.setApproval(
    changed.model,
    changed.version,
    decided,
    'Set back by mlops-bot: approvals are given with the buttons in Slack.',
  );
}

/** A promotion asks again for an old version, so the newest run about it decides. */
async function latestRunOf(
  deps: Pick<FlowDeps, 'runs'>,
  { model, version }: RegisteredVersion,
  registeredBy: Run,
): Promise<Run> {
  const runs = await deps.runs.list({ model, limit: 200 });
  return runs.find((run) => run.version === version && run.kind !== 'rollback') ?? registeredBy;
}

function decidedBy(registeredBy: Run, latest: Run): RegisteredVersion['approval'] | null {
  switch ((latest.approval ?? registeredBy.approval)?.outcome) {
    case 'approved':
    case 'not_needed':
      return 'Approved';
    case 'rejected':
      return 'Rejected';
    case 'expired':
    case null:
      return 'PendingManualApproval';
    default:
      return null;
  }
}
