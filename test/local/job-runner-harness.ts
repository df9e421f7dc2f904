import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock, JobDescription, JobSpec } from '../../pipeline/core/ports.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import {
  createLocalJobRunner,
  type LocalJobPolicy,
} from '../../pipeline/local/job-runner/local-job-runner.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { aJobSpec } from '../fakes/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const trainingFolder = join(import.meta.dirname, '../fixtures/training');
export const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();
export const systemClock: Clock = { now: () => new Date() };

const defaultPolicy: LocalJobPolicy = {
  maxConcurrentJobs: 2,
  capacityWaitSeconds: 0.05,
  gracePeriodSeconds: 5,
  warmIdleSeconds: 60,
};

export interface HarnessOptions {
  readonly folder?: string;
  readonly policy?: Partial<LocalJobPolicy>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly python?: string;
  readonly trainingFolder?: string;
  readonly retrySeconds?: number;
}

/** A local job runner over the fixture scripts; it is closed when the test has finished. */
export function makeJobRunner(options: HarnessOptions = {}) {
  const folder = options.folder ?? temporaryFolder();
  const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
  const database = openDatabase(join(folder, 'mlops.db'));
  const entries: LogEntry[] = [];
  const listeners = new Set<() => void>();
  const runner = createLocalJobRunner({
    database,
    artifacts,
    workFolder: join(folder, 'work'),
    python: options.python ?? python,
    trainingFolder: options.trainingFolder ?? trainingFolder,
    ...(options.retrySeconds === undefined ? {} : { retrySeconds: options.retrySeconds }),
    environment: options.environment ?? { PATH: process.env.PATH },
    clock: systemClock,
    policy: { ...defaultPolicy, ...options.policy },
    onChange: () => {
      for (const listener of listeners) listener();
    },
    log: (entry) => entries.push(entry),
  });
  onTestFinished(() => runner.close());

  /** Resolves with the first description, seen at a change, for which `isSo` holds. */
  function until(name: string, isSo: (job: JobDescription) => boolean): Promise<JobDescription> {
    return new Promise((resolve, reject) => {
      const look = () => {
        runner.describe(name).then((job) => {
          if (job === null || !isSo(job)) return;
          listeners.delete(look);
          resolve(job);
        }, reject);
      };
      listeners.add(look);
      look();
    });
  }

  return { runner, artifacts, database, folder, entries, until };
}

let jobs = 0;

/** A job of the fixture script, with a name and a run of its own. */
export function aScriptSpec(behaviour: string, overrides: Partial<JobSpec> = {}): JobSpec {
  jobs += 1;
  const runId = `spam-${String(jobs).padStart(8, 'a')}`;
  return aJobSpec({
    name: `${runId}-train-1`,
    runId,
    script: 'job.py',
    outputPrefix: `runs/${runId}/jobs/`,
    checkpointPrefix: `runs/${runId}/checkpoints/`,
    ...overrides,
    hyperparameters: { behaviour, ...overrides.hyperparameters },
  });
}
