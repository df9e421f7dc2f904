import type { RunEvent } from './events.ts';
import { newRun } from './new-run.ts';
import {
  type Approval,
  type Decision,
  hasEnded,
  type Interruption,
  isSameActor,
  type Run,
  type StageName,
  type StageStatus,
  stageOf,
  type Training,
} from './run.ts';

/**
 * The state machine of a run: the record after `event`, or the very same object when the event
 * is late, repeated or no longer possible. An ended run never changes, a stage never moves back,
 * an approval is decided once.
 */
export function evolve(run: Run | null, event: RunEvent): Run | null {
  if (run === null) return event.type === 'RunStarted' ? newRun(event) : null;
  if (hasEnded(run)) return run;
  const next = apply(run, event);
  return next === run ? run : { ...next, revision: run.revision + 1, updatedAt: event.at };
}

function apply(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case 'RunStarted':
      return run;
    case 'StageStarted':
      return startStage(run, event.stage, event.at);
    case 'DatasetPrepared':
      return finish(run, 'prepare', event.at, () => ({
        prepared: event.report,
        time: spend(run, event.report.seconds, 0),
      }));
    case 'TrainingStarted':
      return startTraining(run, event);
    case 'TrainingProgressed':
      return progressTraining(run, event);
    case 'TrainingInterrupted':
      return interruptTraining(run, event);
    case 'TrainingResumed':
      return resumeTraining(run, event);
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
        time: spend(run, event.runningSeconds, event.waitingSeconds),
      }));
    case 'GateDecided':
      return finish(run, 'gate', event.at, () => ({ verdict: event.verdict }));
    case 'VersionRegistered':
      return finish(run, 'register', event.at, () => ({ version: event.version }));
    case 'ApprovalRequested':
      return requestApproval(run, event);
    case 'ApprovalReminded':
      return run.approval === null || run.approval.remindedAt !== null
        ? run
        : { ...run, approval: { ...run.approval, remindedAt: event.at } };
    case 'DecisionRecorded':
      return decide(run, event.decision, event.digest);
    case 'ApprovalExpired':
      return endApproval(run, 'expired', event.at);
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
          watchUntil: event.watchUntil,
        },
        time: spend(run, event.startSeconds, 0),
      }));
    case 'WatchCompleted':
      return finish(run, 'watch', event.at, () => ({ time: spend(run, 0, event.waitingSeconds) }));
    case 'DeploymentReverted':
      return run.deployment === null || run.deployment.revertedAt !== null
        ? run
        : {
            ...run,
            deployment: { ...run.deployment, revertedAt: event.at, revertReason: event.reason },
          };
    case 'StopRequested':
      return run.stopRequestedBy === null ? { ...run, stopRequestedBy: event.by } : run;
    case 'RunEnded':
      return endRun(run, event);
  }
}

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

const rank: Readonly<Record<StageStatus, number>> = {
  pending: 0,
  running: 1,
  succeeded: 2,
  failed: 2,
};

function moveStage(run: Run, name: StageName, status: StageStatus, at: string): Run {
  const stage = stageOf(run, name);
  if (stage === undefined || rank[status] <= rank[stage.status]) return run;
  const moved = {
    ...stage,
    status,
    startedAt: stage.startedAt ?? at,
    endedAt: status === 'running' ? null : at,
  };
  return { ...run, stages: run.stages.map((each) => (each.name === name ? moved : each)) };
}

/** A stage starts only when all before it have succeeded. */
function startStage(run: Run, name: StageName, at: string): Run {
  const index = run.stages.findIndex((stage) => stage.name === name);
  const ready = run.stages
    .slice(0, Math.max(index, 0))
    .every((stage) => stage.status === 'succeeded');
  return ready ? moveStage(run, name, 'running', at) : run;
}

/** Completes a running stage together with what it produced. */
function finish(run: Run, name: StageName, at: string, produced: () => Partial<Run>): Run {
  if (stageOf(run, name)?.status !== 'running') return run;
  return { ...moveStage(run, name, 'succeeded', at), ...produced() };
}

function spend(run: Run, python: number, waiting: number): Run['time'] {
  return { python: run.time.python + python, waiting: run.time.waiting + waiting };
}

function startTraining(run: Run, event: Of<'TrainingStarted'>): Run {
  if (stageOf(run, 'train')?.status !== 'running' || run.training?.jobName === event.jobName) {
    return run;
  }
  const training: Training = {
    jobName: event.jobName,
    spot: event.spot,
    instanceType: event.instanceType,
    step: null,
    total: null,
    loss: null,
    samplesPerSecond: null,
    progressAt: null,
    interruptions: run.training?.interruptions ?? [],
    metrics: null,
  };
  return { ...run, training };
}

function isTraining(run: Run, jobName: string): run is Run & { training: Training } {
  return stageOf(run, 'train')?.status === 'running' && run.training?.jobName === jobName;
}

/** Progress may step back after an interruption (to the checkpoint), never otherwise. */
function progressTraining(run: Run, event: Of<'TrainingProgressed'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { training } = run;
  const last = training.interruptions.at(-1);
  const floor = last?.resumedFromStep ?? 0;
  const wentBack = training.step !== null && event.step < training.step;
  const afterResume = last !== undefined && event.step >= floor && training.step === last.atStep;
  if (event.step === training.step || (wentBack && !afterResume)) return run;
  return {
    ...run,
    training: {
      ...training,
      step: event.step,
      total: event.total,
      loss: event.loss,
      samplesPerSecond: event.samplesPerSecond,
      progressAt: event.at,
    },
  };
}

/** `count` is the interruption's number, from 1: what makes a repeated event recognisable. */
function interruptTraining(run: Run, event: Of<'TrainingInterrupted'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { interruptions } = run.training;
  if (event.count !== interruptions.length + 1) return run;
  const added: Interruption = {
    atStep: event.atStep,
    at: event.at,
    resumedFromStep: null,
    resumedAt: null,
  };
  return {
    ...run,
    training: { ...run.training, step: event.atStep, interruptions: [...interruptions, added] },
  };
}

function resumeTraining(run: Run, event: Of<'TrainingResumed'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { interruptions } = run.training;
  const open = interruptions.at(-1);
  if (open === undefined || event.count !== interruptions.length || open.resumedAt !== null) {
    return run;
  }
  const resumed = { ...open, resumedFromStep: event.fromStep, resumedAt: event.at };
  return {
    ...run,
    training: { ...run.training, interruptions: [...interruptions.slice(0, -1), resumed] },
  };
}

function requestApproval(run: Run, event: Of<'ApprovalRequested'>): Run {
  if (stageOf(run, 'approve')?.status !== 'running' || run.approval !== null) return run;
  const approval: Approval = {
    requestedAt: event.at,
    expiresAt: event.expiresAt,
    remindedAt: null,
    approvers: event.approvers,
    quorum: event.quorum,
    selfApproval: event.selfApproval,
    digest: event.digest,
    decisions: [],
    outcome: event.needed ? null : 'not_needed',
    endedAt: event.needed ? null : event.at,
  };
  const next = { ...run, approval };
  return event.needed ? next : moveStage(next, 'approve', 'succeeded', event.at);
}

/** Counts a decision; one rejection rejects, `quorum` approvals approve. */
function decide(run: Run, decision: Decision, digest: string): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null || digest !== approval.digest) return run;
  if (approval.expiresAt !== null && decision.at >= approval.expiresAt) return run;
  if (approval.decisions.some((earlier) => isSameActor(earlier.by, decision.by))) return run;
  const decisions = [...approval.decisions, decision];
  const decided = { ...run, approval: { ...approval, decisions } };
  if (decision.outcome === 'rejected') return endApproval(decided, 'rejected', decision.at);
  const approvals = decisions.filter((each) => each.outcome === 'approved').length;
  return approvals >= approval.quorum ? endApproval(decided, 'approved', decision.at) : decided;
}

function endApproval(run: Run, outcome: 'approved' | 'rejected' | 'expired', at: string): Run {
  const { approval } = run;
  if (approval === null || approval.outcome !== null) return run;
  const ended = { ...run, approval: { ...approval, outcome, endedAt: at } };
  return moveStage(ended, 'approve', outcome === 'approved' ? 'succeeded' : 'failed', at);
}

function startDeployment(run: Run, event: Of<'DeploymentStarted'>): Run {
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

function endRun(run: Run, event: Of<'RunEnded'>): Run {
  const running = run.stages.find((stage) => stage.status === 'running');
  const succeeded = event.outcome === 'deployed' || event.outcome === 'rolled_back';
  const closed =
    running === undefined
      ? run
      : moveStage(run, running.name, succeeded ? 'succeeded' : 'failed', event.at);
  return {
    ...closed,
    outcome: event.outcome,
    failure: event.failure,
    endedAt: event.at,
    waitingFor: null,
  };
}
