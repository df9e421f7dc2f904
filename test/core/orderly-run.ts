import type { RunEvent, UntimedEvent } from '../../pipeline/core/events.ts';
import { aPrepareReport } from '../fakes/samples.ts';

const runId = 'spam-aaaaaaaa';
const jobName = `${runId}-train-1`;

const metrics = {
  schemaVersion: 1 as const,
  metrics: { accuracy: 0.95, macro_f1: 0.95 },
  rows: { train: 70, validation: 10 },
  steps: 100,
  epochs: 3,
  seconds: { train: 9, total: 10 },
  resumedFromSteps: [30],
  seed: 1,
  weightsSha256: 'w'.repeat(64),
  baseModel: null,
  hyperparameters: {},
  versions: {},
};

const evaluation = {
  schemaVersion: 1 as const,
  rows: 20,
  labels: ['ham', 'spam'],
  candidate: {
    metrics: { macro_f1: 0.95 },
    perClass: {},
    latency: { p50Milliseconds: 4, p95Milliseconds: 6 },
  },
  production: null,
};

const events: readonly UntimedEvent[] = [
  { type: 'StageStarted', runId, stage: 'prepare' },
  { type: 'DatasetPrepared', runId, report: aPrepareReport() },
  { type: 'StageStarted', runId, stage: 'train' },
  { type: 'TrainingStarted', runId, jobName, spot: true, instanceType: 'ml.g4dn.xlarge' },
  progress(20),
  progress(40),
  { type: 'TrainingInterrupted', runId, jobName, atStep: 42, count: 1 },
  { type: 'TrainingResumed', runId, jobName, fromStep: 30, count: 1 },
  progress(60),
  progress(100),
  {
    type: 'TrainingCompleted',
    runId,
    metrics,
    artifact: { key: 'model.tar.gz', sha256: 'a'.repeat(64), bytes: 9 },
    runningSeconds: 10,
    waitingSeconds: 2,
  },
  { type: 'StageStarted', runId, stage: 'evaluate' },
  {
    type: 'EvaluationCompleted',
    runId,
    evaluation,
    against: null,
    runningSeconds: 5,
    waitingSeconds: 0,
  },
  { type: 'StageStarted', runId, stage: 'gate' },
  {
    type: 'GateDecided',
    runId,
    verdict: { outcome: 'pass', checks: [], difference: null, discordant: null, rowsNeeded: null },
  },
  { type: 'StageStarted', runId, stage: 'register' },
  { type: 'VersionRegistered', runId, version: 1 },
  { type: 'StageStarted', runId, stage: 'approve' },
  {
    type: 'ApprovalRequested',
    runId,
    needed: true,
    approvers: ['U0GRACE'],
    quorum: 1,
    selfApproval: false,
    digest: 'd',
    expiresAt: '2026-11-24T09:00:00.000Z',
  },
  { type: 'ApprovalReminded', runId },
  {
    type: 'DecisionRecorded',
    runId,
    digest: 'd',
    decision: {
      by: { kind: 'person', id: 'U0GRACE', name: 'Grace' },
      outcome: 'approved',
      reason: null,
      at: '2026-11-22T09:30:00.000Z',
    },
  },
  { type: 'StageStarted', runId, stage: 'deploy' },
  {
    type: 'DeploymentStarted',
    runId,
    from: null,
    fromConfigName: null,
    to: 1,
    endpointName: 'spam',
    configName: 'spam-v1-aaaaaaaa',
    waitedSeconds: 0,
  },
  {
    type: 'VersionDeployed',
    runId,
    url: 'http://127.0.0.1:8080/endpoints/spam/invocations',
    example: { contentType: 'application/json', body: '{"inputs":"hello"}' },
    verifiedRows: 8,
    startSeconds: 2,
    watchUntil: '2026-11-22T10:00:00.000Z',
  },
  { type: 'StageStarted', runId, stage: 'watch' },
  { type: 'WatchCompleted', runId, waitingSeconds: 600 },
  { type: 'RunEnded', runId, outcome: 'deployed', failure: null },
];

/** Every event of a run that was interrupted once and ended well, one second apart. */
export const orderlyStory: readonly RunEvent[] = events.map((event, i) => ({
  ...event,
  at: new Date(Date.UTC(2026, 10, 22, 9, 0, i + 1)).toISOString(),
}));

function progress(step: number): UntimedEvent {
  return {
    type: 'TrainingProgressed',
    runId,
    jobName,
    step,
    total: 100,
    loss: 1 / step,
    samplesPerSecond: 100,
  };
}
