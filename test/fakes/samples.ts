import { newRun } from '../../pipeline/core/apply-event/new-run.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import type { JobSpec, NewVersion } from '../../pipeline/core/ports.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import type { Deployment, Run } from '../../pipeline/core/run.ts';

type RunStarted = Extract<RunEvent, { type: 'RunStarted' }>;

/** The event that starts a retrain; `overrides` are what the test is about. */
export function runStarted(overrides: Partial<RunStarted> = {}): RunStarted {
  return {
    type: 'RunStarted',
    runId: 'spam-aaaaaaaa',
    at: '2026-11-22T09:00:00.000Z',
    kind: 'retrain',
    model: 'spam',
    requestedBy: { kind: 'person', id: 'U0ADA', name: 'ada' },
    reason: null,
    recipe: 'tfidf',
    hyperparameters: {},
    dataset: {
      key: 'datasets/spam/0123456789ab/mails.csv',
      fileName: 'mails.csv',
      version: '0123456789ab',
      bytes: 2048,
    },
    version: null,
    ...overrides,
  };
}

/** The record of a run that has just started. */
export function aRun(overrides: Partial<Run> = {}): Run {
  return { ...newRun(runStarted()), ...overrides };
}

/** A version that has been verified; `overrides` are what the test is about. */
export function aDeployment(overrides: Partial<Deployment> = {}): Deployment {
  return {
    from: null,
    fromConfigName: null,
    to: 1,
    endpointName: 'spam',
    configName: 'spam-v1-aaaaaaaa',
    startedAt: '2026-11-22T09:40:00.000Z',
    verifiedAt: '2026-11-22T09:41:00.000Z',
    verifiedRows: 20,
    url: null,
    example: null,
    watchUntil: '2026-11-22T10:00:00.000Z',
    revertedAt: null,
    revertReason: null,
    ...overrides,
  };
}

/** What a run hands to the registry. */
export function anEntry(overrides: Partial<NewVersion> = {}): NewVersion {
  return {
    model: 'spam',
    runId: 'spam-aaaaaaaa',
    createdAt: '2026-11-22T09:05:00.000Z',
    recipe: 'tfidf',
    artifact: { key: 'runs/spam-aaaaaaaa/model.tar.gz', sha256: 'a'.repeat(64), bytes: 4096 },
    digest: 'd'.repeat(64),
    metrics: { macro_f1: 0.97 },
    verdict: 'pass',
    datasetVersion: '0123456789ab',
    smokeKey: 'runs/spam-aaaaaaaa/evaluation/smoke.json',
    ...overrides,
  };
}

/** A training job without input. */
export function aJobSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'spam-aaaaaaaa-train-1',
    kind: 'train',
    runId: 'spam-aaaaaaaa',
    model: 'spam',
    script: 'train.py',
    recipe: 'tfidf',
    channels: {},
    hyperparameters: {},
    outputPrefix: 'runs/spam-aaaaaaaa/jobs/',
    checkpointPrefix: 'runs/spam-aaaaaaaa/checkpoints/',
    instanceType: 'ml.g4dn.xlarge',
    spot: true,
    maxRuntimeSeconds: 3600,
    maxWaitSeconds: 7200,
    ...overrides,
  };
}

/** The report of a dataset of 100 good rows. */
export function aPrepareReport(overrides: Partial<PrepareReport> = {}): PrepareReport {
  return {
    schemaVersion: 1,
    status: 'ok',
    input: {
      name: 'mails.csv',
      bytes: 2048,
      sha256: '0123456789ab'.padEnd(64, '0'),
      format: 'csv',
    },
    rows: {
      read: 100,
      kept: 100,
      exactDuplicates: 0,
      nearDuplicates: 0,
      conflicting: 0,
      dropped: 0,
    },
    labels: { ham: 60, spam: 40 },
    split: { train: 70, validation: 10, test: 20 },
    columns: ['text', 'label'],
    warnings: [],
    errors: [],
    seconds: 0.5,
    ...overrides,
  };
}
