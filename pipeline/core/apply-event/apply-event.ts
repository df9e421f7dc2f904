import type { EventOf, RunEvent } from '../events.ts';
import { isBlocking } from '../gate/verdict.ts';
import { hasEnded, type Run, stageOf, waitsForSpot } from '../run.ts';
import {
  changeProduction,
  decide,
  endApproval,
  endSnoozes,
  handOver,
  remindApprovers,
  requestApproval,
  snooze,
} from './approval.ts';
import { boundEvent } from './bound-event.ts';
import {
  liftMark,
  replaceDeployment,
  restoreDeployment,
  retireDeployment,
  startDeployment,
} from './deployment.ts';
import { newRun } from './new-run.ts';
import { finish, moveStage, spend, startStage } from './stages.ts';
import {
  delayTraining,
  interruptTraining,
  progressTraining,
  queueJob,
  resumeTraining,
  startTraining,
} from './training.ts';

/**
 * The state machine of a run: the record after `event`, or the very same object when the event
 * is late, repeated or no longer possible. An ended run never changes, except for what became of
 * the version it left live; a stage never moves back, an approval is decided once. Whatever the
 * events carry, a record stays below 350 KB of JSON.
 */
export function applyEvent(run: Run | null, unbounded: RunEvent): Run | null {
  const event = boundEvent(unbounded);
  if (run === null) return event.type === 'RunStarted' ? newRun(event) : null;
  const isAftermath = aftermath.includes(event.type);
  if (hasEnded(run) && !isAftermath) return run;
  const next = apply(run, event);
  return next === run ? run : { ...next, revision: run.revision + 1, updatedAt: event.at };
}

/** More jobs than a run starts: training may be repeated, evaluation too. */
const MOST_JOBS = 50;

/** What may still become of the version an ended run left live. */
const aftermath: readonly RunEvent['type'][] = [
  'DeploymentReplaced',
  'DeploymentRestored',
  'PutBackDelayed',
  'DeploymentReverted',
  'DeploymentRetired',
  'MarkLifted',
];

function apply(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case 'RunStarted':
      return run;
    case 'StageStarted':
      return startStage(run, event.stage, event.at);
    case 'SettingsResolved':
      return run.settings === undefined ? { ...run, settings: event.settings } : run;
    case 'DatasetAppended':
      return run.appends === true && run.appending === undefined && run.prepared === null
        ? { ...run, dataset: event.dataset, appending: event.appending }
        : run;
    case 'DatasetPrepared':
      return finish(
        run,
        'prepare',
        event.at,
        () => ({
          prepared: event.report,
          ...(event.power === undefined ? {} : { power: event.power }),
          ...(event.changes === undefined ? {} : { dataChanges: event.changes }),
          time: spend(run, event.report.seconds, 0),
        }),
        event.report.status === 'ok' && event.changes?.action !== 'stop' ? 'succeeded' : 'failed',
      );
    case 'TrainingStarted':
      return startTraining(run, event);
    case 'CapacityDelayed':
      return delayTraining(run, event);
    case 'JobQueued':
      return queueJob(run, event);
    case 'OnDemandRequested':
      return waitsForSpot(run) && run.onDemandRequestedBy === undefined
        ? { ...run, onDemandRequestedBy: event.by }
        : run;
    case 'TrainingProgressed':
      return progressTraining(run, event);
    case 'TrainingInterrupted':
      return interruptTraining(run, event);
    case 'TrainingResumed':
      return resumeTraining(run, event);
    case 'JobEnded':
      return run.usage?.some(({ jobName }) => jobName === event.usage.jobName) ||
        (run.usage?.length ?? 0) >= MOST_JOBS
        ? run
        : { ...run, usage: [...(run.usage ?? []), event.usage] };
    case 'TrainingCompleted':
      return finish(run, 'train', event.at, () => ({
        training: run.training && {
          ...run.training,
          step: run.training.total ?? event.metrics.steps,
          metrics: event.metrics,
        },
        artifact: event.artifact,
        time: spend(run, event.runningSeconds, event.waitingSeconds),
      }));
    case 'EvaluationCompleted':
      return finish(run, 'evaluate', event.at, () => ({
        evaluation: event.evaluation,
        evaluatedAgainst: event.against,
        ...(event.anchor === undefined ? {} : { evaluatedAnchor: event.anchor }),
        ...(event.newRows === undefined ? {} : { newRows: event.newRows }),
        ...(event.hasReference === undefined ? {} : { hasReference: event.hasReference }),
        time: spend(run, event.runningSeconds, event.waitingSeconds),
      }));
    case 'GateDecided':
      // A promotion has no gate stage: it is compared when its approval is requested.
      if (stageOf(run, 'gate') === undefined) {
        return run.verdict === null ? { ...run, verdict: event.verdict } : run;
      }
      return finish(
        run,
        'gate',
        event.at,
        () => ({ verdict: event.verdict }),
        isBlocking(event.verdict) ? 'failed' : 'succeeded',
      );
    case 'VersionRegistered':
      return finish(run, 'register', event.at, () => ({ version: event.version }));
    case 'ApprovalRequested':
      return requestApproval(run, event);
    case 'ApprovalReminded':
      return run.approval === null || run.approval.remindedAt !== null
        ? run
        : { ...run, approval: { ...run.approval, remindedAt: event.at } };
    case 'ReminderRequested':
      return remindApprovers(run, event);
    case 'ApprovalHandedOver':
      return handOver(run, event);
    case 'ApprovalSnoozed':
      return snooze(run, event);
    case 'SnoozesEnded':
      return endSnoozes(run, event);
    case 'DecisionRecorded':
      return decide(run, event.decision, event.digest);
    case 'ApprovalExpired':
      return endApproval(run, 'expired', event.at);
    case 'ProductionChanged':
      return changeProduction(run, event);
    case 'DeploymentQueued':
      return run.waitingFor === event.behind ? run : { ...run, waitingFor: event.behind };
    case 'DeploymentStarted':
      return startDeployment(run, event);
    case 'VersionDeployed':
      return finish(run, 'deploy', event.at, () => ({
        deployment: run.deployment && {
          ...run.deployment,
          verifiedAt: event.at,
          verifiedRows: event.verifiedRows,
          url: event.url,
          example: event.example,
          watchUntil: event.watchUntil,
        },
        time: spend(run, event.startSeconds, 0),
      }));
    case 'WatchCompleted':
      return finish(run, 'watch', event.at, () => ({ time: spend(run, 0, event.waitingSeconds) }));
    case 'PutBackDelayed':
      return run.deployment === null || run.deployment.putBackDelayed !== undefined
        ? run
        : {
            ...run,
            deployment: {
              ...run.deployment,
              putBackDelayed: { at: event.at, reason: event.reason },
            },
          };
    case 'DeploymentReverted':
      return run.deployment === null || run.deployment.revertedAt !== null
        ? run
        : {
            ...run,
            deployment: { ...run.deployment, revertedAt: event.at, revertReason: event.reason },
          };
    case 'DeploymentReplaced':
      return replaceDeployment(run, event);
    case 'DeploymentRestored':
      return restoreDeployment(run, event);
    case 'DeploymentRetired':
      return retireDeployment(run, event);
    case 'MarkLifted':
      return liftMark(run, event);
    case 'StopRequested':
      return run.stopRequestedBy === null ? { ...run, stopRequestedBy: event.by } : run;
    case 'RunContinued':
      return event.part > (run.continuation?.part ?? 1)
        ? { ...run, continuation: { part: event.part, stage: event.stage } }
        : run;
    case 'RunEnded':
      return endRun(run, event);
  }
}

function endRun(run: Run, event: EventOf<'RunEnded'>): Run {
  const running = run.stages.find((stage) => stage.status === 'running');
  const succeeded = ['deployed', 'rolled_back', 'retired'].includes(event.outcome);
  const closed =
    running === undefined
      ? run
      : moveStage(run, running.name, succeeded ? 'succeeded' : 'failed', event.at);
  const { queuedJob: _, ...ended } = closed;
  return {
    ...ended,
    outcome: event.outcome,
    failure: event.failure,
    endedAt: event.at,
    waitingFor: null,
  };
}
