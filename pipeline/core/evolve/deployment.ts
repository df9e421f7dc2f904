import type { EventOf } from '../events.ts';
import { type Run, stageOf } from '../run.ts';
import { spend } from './stages.ts';

export function startDeployment(run: Run, event: EventOf<'DeploymentStarted'>): Run {
  const running = stageOf(run, 'deploy')?.status === 'running';
  const allowed = run.kind === 'rollback' || isApproved(run);
  if (!running || !allowed || run.deployment !== null) return run;
  return {
    ...run,
    waitingFor: null,
    time: spend(run, 0, event.waitedSeconds),
    deployment: {
      from: event.from,
      fromConfigName: event.fromConfigName,
      to: event.to,
      endpointName: event.endpointName,
      configName: event.configName,
      startedAt: event.at,
      verifiedAt: null,
      verifiedRows: null,
      url: null,
      example: null,
      watchUntil: null,
      revertedAt: null,
      revertReason: null,
    },
  };
}

function isApproved(run: Run): boolean {
  const outcome = run.approval?.outcome;
  return outcome === 'approved' || outcome === 'not_needed';
}
