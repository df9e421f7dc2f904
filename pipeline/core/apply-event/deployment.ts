import type { EventOf } from '../events.ts';
import { markOf } from '../rollback/version-mark.ts';
import { deployedVersion, liveVersion, type Run, stageOf } from '../run.ts';
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
      ...(event.before == null ? {} : { before: event.before }),
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

export function replaceDeployment(run: Run, event: EventOf<'DeploymentReplaced'>): Run {
  const { deployment } = run;
  if (deployment === null || deployedVersion(run) === null) return run;
  if (deployment.replaced?.by === event.by) return run;
  const { by, version, at, rollback } = event;
  const replaced = { by, version, at, ...(rollback === undefined ? {} : { rollback }) };
  return { ...run, deployment: { ...deployment, replaced } };
}

export function retireDeployment(run: Run, event: EventOf<'DeploymentRetired'>): Run {
  const { deployment } = run;
  if (deployment === null || liveVersion(run) === null) return run;
  const { by: runId, person: by, reason, at } = event;
  return { ...run, deployment: { ...deployment, retired: { runId, by, at, reason } } };
}

/** The first person counts. */
export function liftMark(run: Run, { by, reason, at }: EventOf<'MarkLifted'>): Run {
  const { deployment } = run;
  if (deployment === null || deployment.lifted !== undefined || markOf(run) === null) return run;
  return { ...run, deployment: { ...deployment, lifted: { by, at, reason } } };
}

/** Older ones no longer matter: a rollback goes back to what was live before them. */
const MOST_REFUTED = 50;

export function restoreDeployment(run: Run, event: EventOf<'DeploymentRestored'>): Run {
  const { deployment } = run;
  if (deployment === null) return run;
  const { by, refuted: version } = event;
  const { refuted = [] } = deployment;
  const isReplaced = deployment.replaced?.by === by;
  const isNew = version !== undefined && !refuted.some((each) => each.by === by);
  if (!isReplaced && !isNew) return run;
  return {
    ...run,
    deployment: {
      ...deployment,
      ...(isReplaced ? { replaced: null } : {}),
      ...(isNew ? { refuted: [...refuted, { by, version }].slice(-MOST_REFUTED) } : {}),
    },
  };
}

function isApproved(run: Run): boolean {
  const outcome = run.approval?.outcome;
  return outcome === 'approved' || outcome === 'not_needed';
}
