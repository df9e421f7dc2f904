import type { Failure } from '../../pipeline/core/errors.ts';
import type { Outcome } from '../../pipeline/core/run.ts';
import { sampleApprovals } from './sample-approvals.ts';
import { stoppingChanges } from './sample-data-changes.ts';
import { sampleDeployments } from './sample-deployments.ts';
import type { SampleOptions } from './sample-options.ts';
import { ada, dataset, evaluation, grace, invalidReport, metrics, report } from './sample-parts.ts';
import { stepsOf } from './sample-steps.ts';
import type { SampleStep } from './sample-timeline.ts';
import { estimates, power, verdict } from './sample-verdicts.ts';

const code = '0c7e51d2a9b84f36';
const jobName = 'spam-20261120-a1b2c3d4-train-1';

/** The events of a run in named groups, so that a sample can end or branch at any of them. */
export function sampleEvents(options: SampleOptions = {}) {
  const {
    runId = 'spam-20261120-a1b2c3d4',
    kind = 'retrain',
    labels = ['ham', 'spam'],
    outcome = 'pass',
    firstVersion = false,
  } = options;
  const steps = stepsOf(runId);
  const { after, stage } = steps;
  const progress = (step: number): SampleStep =>
    after(12, 'TrainingProgressed', {
      jobName,
      step,
      total: 760,
      loss: 0.7 - step / 1_520,
      samplesPerSecond: 131,
    });
  const shift = estimates[outcome];
  const judgement = options.verdict ?? verdict(outcome, !firstVersion);
  return {
    started: [
      after(0, 'RunStarted', {
        kind,
        model: options.model ?? 'spam',
        requestedBy:
          kind === 'retrain' && options.reason === undefined
            ? { kind: 'system', name: 'inbox' }
            : ada,
        reason: options.reason ?? null,
        recipe: 'distilbert',
        hyperparameters: options.hyperparameters ?? {},
        dataset:
          kind === 'retrain' ? (options.dataset === undefined ? dataset() : options.dataset) : null,
        version: kind === 'retrain' ? null : 6,
      }),
    ],
    preparing: [stage('prepare')],
    resolved: [
      after(1, 'SettingsResolved', {
        settings: {
          against: 6,
          inherited: { epochs: 10 },
          configured: { epochs: null },
          changes: Object.entries(options.hyperparameters ?? { learning_rate: 0.0001 }).map(
            ([name, value]) => ({ name, from: '0.00005', to: String(value) }),
          ),
        },
      }),
    ],
    prepared: [
      after(2, 'DatasetPrepared', {
        report: report(labels, options.dataset?.fileName),
        ...(firstVersion ? {} : { power }),
        ...(options.changes === undefined ? {} : { changes: options.changes }),
      }),
    ],
    changed: [
      after(2, 'DatasetPrepared', {
        report: report(labels, options.dataset?.fileName),
        changes: stoppingChanges(labels),
      }),
    ],
    invalid: [after(1, 'DatasetPrepared', { report: invalidReport(options.dataset?.fileName) })],
    training: [
      stage('train'),
      after(6, 'TrainingStarted', { jobName, spot: true, instanceType: 'ml.g4dn.xlarge', code }),
    ],
    jobQueued: [
      after(1, 'JobQueued', {
        jobName,
        reason:
          'The AWS account may have 1 at a time of “ml.g4dn.xlarge for spot training job usage”.',
      }),
    ],
    progressing: [progress(40), progress(160), progress(320)],
    interrupted: [after(4, 'TrainingInterrupted', { jobName, atStep: 324, count: 1 })],
    resumed: [
      after(96, 'TrainingResumed', { jobName, fromStep: 300, count: 1 }),
      progress(420),
      progress(610),
    ],
    trained: [
      after(22, 'TrainingCompleted', {
        metrics,
        artifact: {
          key: 'runs/r/jobs/train/model.tar.gz',
          sha256: 'ab'.repeat(32),
          bytes: 54_200_000,
        },
        runningSeconds: 104,
        waitingSeconds: 48,
      }),
    ],
    evaluating: [stage('evaluate')],
    evaluated: [
      after(9, 'EvaluationCompleted', {
        evaluation: {
          ...evaluation(labels, firstVersion ? null : shift),
          ...(options.baseline === undefined ? {} : { baseline: options.baseline.result }),
        },
        against: firstVersion ? null : 6,
        ...(firstVersion ? {} : { newRows: { rows: 12, minimum: 30 } }),
        runningSeconds: 8,
        waitingSeconds: 1,
      }),
    ],
    judged: [
      stage('gate'),
      after(1, 'GateDecided', {
        verdict:
          options.baseline?.difference === undefined
            ? judgement
            : { ...judgement, baseline: options.baseline.difference },
      }),
    ],
    registered: [
      stage('register'),
      after(1, 'VersionRegistered', { version: firstVersion ? 1 : 7 }),
    ],
    ...sampleApprovals(options, steps),
    ...sampleDeployments(options, steps),
    lifted: [after(3_600, 'MarkLifted', { by: grace, reason: options.reason ?? 'mislabelled' })],
    stopping: [after(3, 'StopRequested', { by: ada })],
    ended: (result: Outcome, failure: Failure | null = null): SampleStep[] => [
      after(1, 'RunEnded', { outcome: result, failure }),
    ],
  };
}
