import type { DataChanges } from '../../pipeline/core/data-contract/data-changes.ts';
import type { Failure } from '../../pipeline/core/errors.ts';
import type { RunEvent, UntimedEvent } from '../../pipeline/core/events.ts';
import type { Difference, Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Evaluation } from '../../pipeline/core/python-contract.ts';
import type { Dataset, Decision, Outcome, RunKind, StageName } from '../../pipeline/core/run.ts';
import { stoppingChanges } from './sample-data-changes.ts';
import {
  ada,
  dataset,
  evaluation,
  grace,
  graceInStudio,
  invalidReport,
  metrics,
  nastyNames,
  report,
} from './sample-parts.ts';
import { type SampleStep, sampleStart } from './sample-timeline.ts';
import { estimates, power, verdict } from './sample-verdicts.ts';

type Details<T extends RunEvent['type']> = Omit<
  Extract<UntimedEvent, { type: T }>,
  'type' | 'runId'
>;
const digest = 'd1'.repeat(32);
const code = '0c7e51d2a9b84f36';
const jobName = 'spam-20261120-a1b2c3d4-train-1';

export interface SampleOptions {
  readonly runId?: string;
  readonly kind?: RunKind;
  readonly model?: string;
  readonly dataset?: Dataset | null;
  readonly labels?: readonly string[];
  readonly outcome?: Verdict['outcome'];
  /** Left out: a typical verdict with that outcome. */
  readonly verdict?: Verdict;
  readonly firstVersion?: boolean;
  readonly approvers?: readonly string[];
  readonly quorum?: number;
  readonly interrupted?: boolean;
  readonly reason?: string | null;
  readonly hyperparameters?: Readonly<Record<string, string | number | boolean>>;
  /** How the data differs from that of production; left out: not at all. */
  readonly changes?: DataChanges;
  /** What was fitted beside the candidate, and the difference from it; left out: nothing. */
  readonly baseline?: {
    readonly result: NonNullable<Evaluation['baseline']>;
    readonly difference?: Difference;
  };
}

/** The events of a run in named groups, so that a sample can end or branch at any of them. */
export function sampleEvents(options: SampleOptions = {}) {
  const {
    runId = 'spam-20261120-a1b2c3d4',
    kind = 'retrain',
    labels = ['ham', 'spam'],
    outcome = 'pass',
    firstVersion = false,
    approvers = ['U0GRACE'],
    quorum = 1,
  } = options;
  const after = <T extends RunEvent['type']>(
    seconds: number,
    type: T,
    details: Details<T>,
  ): SampleStep => [seconds, { type, runId, ...details } as UntimedEvent];
  const stage = (name: StageName): SampleStep => after(1, 'StageStarted', { stage: name });
  const progress = (step: number): SampleStep =>
    after(12, 'TrainingProgressed', {
      jobName,
      step,
      total: 760,
      loss: 0.7 - step / 1_520,
      samplesPerSecond: 131,
    });
  const isReasonRequired =
    outcome === 'not_comparable' || outcome === 'fail' || options.changes?.action === 'ask';
  const shift = estimates[outcome];
  const judgement = options.verdict ?? verdict(outcome, !firstVersion);
  const decided = (
    by: typeof ada,
    verb: 'approved' | 'rejected',
    reason: string | null,
    source: Pick<Decision, 'via'> = {},
  ): SampleStep =>
    after(240, 'DecisionRecorded', {
      digest,
      decision: { by, outcome: verb, reason, at: sampleStart, ...source },
    });

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
    asked: [
      stage('approve'),
      after(1, 'ApprovalRequested', {
        approvers,
        quorum,
        selfApproval: false,
        digest,
        expiresAt: '2026-11-22T09:36:00.000Z',
        needed: true,
        ...(isReasonRequired ? { reasonRequired: true } : {}),
      }),
    ],
    waived: [
      stage('approve'),
      after(1, 'ApprovalRequested', {
        approvers: [],
        quorum: 1,
        selfApproval: false,
        digest,
        expiresAt: null,
        needed: false,
      }),
    ],
    outdated: [after(3_600, 'ProductionChanged', { live: 8, isProven: false })],
    reminded: [after(14_400, 'ApprovalReminded', {})],
    handedOver: [after(7_200, 'ApprovalHandedOver', { by: ada, to: grace })],
    remindedByPerson: [after(7_200, 'ReminderRequested', { by: ada })],
    approved: [decided(grace, 'approved', null)],
    rejected: [decided(grace, 'rejected', `Too many false alarms on ${nastyNames[0]}.`)],
    approvedInStudio: [
      decided(graceInStudio, 'approved', `Compared with ${nastyNames[0]}.`, { via: 'studio' }),
    ],
    rejectedInStudio: [decided(graceInStudio, 'rejected', 'No reason given.', { via: 'studio' })],
    expired: [after(172_800, 'ApprovalExpired', {})],
    queued: [stage('deploy'), after(1, 'DeploymentQueued', { behind: 'spam-20261120-ffff0000' })],
    deployBegins: [stage('deploy')],
    deploying: [
      stage('deploy'),
      after(2, 'DeploymentStarted', {
        from: firstVersion ? null : kind === 'retrain' ? 6 : 7,
        fromConfigName: firstVersion ? null : 'spam-v6-00000000',
        to: kind === 'retrain' ? (firstVersion ? 1 : 7) : 6,
        endpointName: 'spam',
        configName: 'spam-v7-a1b2c3d4',
        waitedSeconds: 0,
      }),
    ],
    deployed: [
      after(14, 'VersionDeployed', {
        url: 'http://127.0.0.1:4310/endpoints/spam/invocations',
        example: {
          contentType: 'application/json',
          body: '{"inputs":"Congratulations, you have won! Reply with your bank details."}',
        },
        verifiedRows: 20,
        startSeconds: 3.2,
        watchUntil: '2026-11-20T10:00:00.000Z',
      }),
    ],
    watching: [stage('watch')],
    watched: [after(600, 'WatchCompleted', { waitingSeconds: 600 })],
    reverted: [
      after(120, 'DeploymentReverted', {
        reason: '7 of 40 requests failed with a server error (17.5 %); the limit is 5 %.',
      }),
    ],
    stuck: [
      after(600, 'PutBackDelayed', { reason: 'The endpoint spam is being changed already.' }),
    ],
    replaced: [after(7_200, 'DeploymentReplaced', { by: 'spam-20261121-e5f6g7h8', version: 8 })],
    retiring: [after(2, 'StageStarted', { stage: 'retire' })],
    retired: [
      after(86_400, 'DeploymentRetired', {
        by: 'spam-20261122-r1r2r3r4',
        person: grace,
        reason: options.reason ?? 'replaced by the new filter',
      }),
    ],
    replacedByRollback: [
      after(7_200, 'DeploymentReplaced', {
        by: 'spam-20261121-e5f6g7h8',
        version: 6,
        rollback: { by: grace, reason: options.reason ?? null },
      }),
    ],
    lifted: [after(3_600, 'MarkLifted', { by: grace, reason: options.reason ?? 'mislabelled' })],
    stopping: [after(3, 'StopRequested', { by: ada })],
    ended: (result: Outcome, failure: Failure | null = null): SampleStep[] => [
      after(1, 'RunEnded', { outcome: result, failure }),
    ],
  };
}
