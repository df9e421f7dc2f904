import type { Run } from '../../pipeline/core/run.ts';

/** Changes exactly when more than the progress of a training has: such edits are not delayed. */
export function stateSignature(run: Run): string {
  const { training, approval, deployment } = run;
  return JSON.stringify([
    run.stages.map(({ status }) => status),
    run.outcome,
    run.stopRequestedBy !== null,
    run.waitingFor,
    run.version,
    training?.jobName,
    training?.step === null,
    training?.waitsSince,
    run.queuedJob?.jobName,
    run.onDemandRequestedBy !== undefined,
    training?.interruptions.map(({ resumedAt }) => resumedAt),
    approval && [
      approval.decisions.length,
      approval.outcome,
      approval.remindedAt,
      approval.reminder?.count,
      approval.handedOver?.length,
      approval.snoozes?.filter(({ remindedAt }) => remindedAt !== null).length,
      approval.outdated?.live,
    ],
    deployment && [
      deployment.configName,
      deployment.verifiedAt,
      deployment.revertedAt,
      deployment.putBackDelayed?.at,
      deployment.replaced,
    ],
  ]);
}
