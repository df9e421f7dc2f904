import { accessSync, constants } from 'node:fs';
import { resolve, sep } from 'node:path';
import { MlopsError } from '../../core/errors.ts';
import type { Clock, JobRunner, JobSpec } from '../../core/ports.ts';
import type { Database } from '../database.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { readLineLog } from '../line-log.ts';
import type { Log } from '../log.ts';
import { type Environment, pythonMissing } from '../python-process.ts';
import { createBaselineAhead } from './baseline-ahead.ts';
import { codeVersion } from './code-version.ts';
import { driveJob, outputPrefix } from './drive-job.ts';
import { createJobControl, type JobControl } from './job-control.ts';
import { jobFolder } from './job-folder.ts';
import { describeJob, hasJobEnded, type JobRecord } from './job-record.ts';
import { createJobStore } from './job-store.ts';
import { createSlots } from './slots.ts';
import { createWarmWorkers, type WarmPurpose } from './warm-workers.ts';

export interface LocalJobPolicy {
  /** Further jobs wait as `Pending`. */
  readonly maxConcurrentJobs: number;
  /** How long new capacity takes to come after an interruption. */
  readonly capacityWaitSeconds: number;
  /** Between SIGTERM and SIGKILL; SageMaker gives 120. */
  readonly gracePeriodSeconds: number;
  /** How long a worker that has imported waits for a job before its memory is given back; 0: none. */
  readonly warmIdleSeconds: number;
}

export interface LocalJobRunnerOptions {
  readonly database: Database;
  readonly artifacts: FolderArtifactStore;
  /** Holds one `/opt/ml` tree per job. */
  readonly workFolder: string;
  /** The interpreter that runs the recipes. */
  readonly python: string;
  /** The folder `training` of this repository. */
  readonly trainingFolder: string;
  /** Environment of the pipeline; an allow-list of it reaches the scripts. */
  readonly environment: Environment;
  readonly clock: Clock;
  readonly policy: LocalJobPolicy;
  /** Called with the name of a job on every change, and about twice a second during progress. */
  readonly onChange: (jobName: string) => void;
  readonly log: Log;
  /** Seconds before a state of a job that the disk refused is stored again. */
  readonly retrySeconds?: number;
}

export interface LocalJobRunner extends JobRunner {
  /**
   * What a Spot interruption does: SIGTERM, SIGKILL, a wait for capacity, and a new start from the
   * checkpoint. False, and no effect, on a job that is not training or not on Spot.
   */
  interrupt(name: string): Promise<boolean>;
  /** Imports in the background what a job of this recipe needs, so that its script starts sooner. */
  warmUp(purpose: WarmPurpose): void;
  /** Resumes what an earlier process left unfinished; call it once, before the first `start`. */
  recover(): Promise<void>;
  /** Lets every script write a checkpoint and end; `recover` of the next process goes on with it. */
  close(): Promise<void>;
}

/**
 * {@link JobRunner} on this machine: each job is a subprocess in its own `/opt/ml` tree and goes
 * through the states of a SageMaker training job. The job table is the truth and survives
 * `kill -9`. It differs from SageMaker in this: checkpoints are not copied but written straight
 * into the artifact folder, and only a completed job leaves output files.
 */
export function createLocalJobRunner(options: LocalJobRunnerOptions): LocalJobRunner {
  const { artifacts, workFolder, clock, policy, onChange, log } = options;
  const store = createJobStore(options);
  const slots = createSlots(policy.maxConcurrentJobs);
  const warm = createWarmWorkers({ ...options, idleSeconds: policy.warmIdleSeconds });
  const ahead = createBaselineAhead(options);
  const active = new Map<string, { control: JobControl; done: Promise<void> }>();
  let isClosed = false;

  function change(name: string, update: (job: JobRecord, at: string) => JobRecord): JobRecord {
    const at = clock.now().toISOString();
    const before = store.get(name);
    const updated = update(before, at);
    if (updated === before) return before;
    const job = { ...updated, seenAt: at };
    store.save(job);
    try {
      onChange(name);
    } catch (error) {
      log({ message: 'A change of a job could not be handled.', about: name, error });
    }
    return job;
  }

  function drive(name: string): void {
    const control = createJobControl(policy);
    const done = driveJob({
      ...options,
      ...policy,
      control,
      slots,
      warm,
      ahead,
      get: () => store.get(name),
      change: (update) => change(name, update),
    })
      .catch((error: unknown) =>
        log({ message: 'A job could not be followed.', about: name, error }),
      )
      .finally(() => active.delete(name));
    active.set(name, { control, done });
  }

  return {
    codeVersion: async () => codeVersion(options.trainingFolder),
    async start(spec) {
      if (store.find(spec.name) !== null) return;
      if (isClosed)
        throw new MlopsError('CONFLICT', 'The pipeline is closing.', { retryable: true });
      checkSpec(spec, options);
      store.insert(spec, clock.now().toISOString());
      drive(spec.name);
    },
    async describe(name) {
      const job = store.find(name);
      return job === null ? null : describeJob(job, clock.now().toISOString());
    },
    async stop(name) {
      const job = store.find(name);
      if (job === null || hasJobEnded(job) || job.secondaryStatus === 'Uploading') return;
      change(name, (each) => ({ ...each, status: 'Stopping', secondaryStatus: 'Stopping' }));
      active.get(name)?.control.end('stop');
    },
    async output(name, fileName) {
      const job = store.find(name);
      return job === null ? null : artifacts.get(`${outputPrefix(job.spec)}data/${fileName}`);
    },
    async logs(name, lines) {
      const job = store.find(name);
      if (job === null) return [];
      return readLineLog(jobFolder({ spec: job.spec, artifacts, workFolder }).log, lines);
    },
    async interrupt(name) {
      const isSpot = store.find(name)?.spec.spot ?? false;
      return isSpot && (active.get(name)?.control.interrupt() ?? false);
    },
    warmUp(purpose) {
      if (!isClosed) warm.prepare(purpose);
    },
    async recover() {
      await ahead.recover();
      for (const name of store.unfinished()) if (!active.has(name)) drive(name);
    },
    async close() {
      isClosed = true;
      for (const { control } of active.values()) control.end('close');
      await Promise.all([
        warm.close(),
        ahead.close(),
        ...[...active.values()].map(({ done }) => done),
      ]);
      store.close();
    },
  };
}

function checkSpec(spec: JobSpec, { python, trainingFolder }: LocalJobRunnerOptions): void {
  const code = spec.kind === 'train' ? 'TRAINING_FAILED' : 'EVALUATION_FAILED';
  // CreateTrainingJob allows nothing else; here the name becomes a folder.
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(spec.name)) {
    throw new MlopsError('UNEXPECTED', `“${spec.name}” is not a valid job name.`);
  }
  const script = resolve(trainingFolder, spec.script);
  if (!script.startsWith(resolve(trainingFolder) + sep) || !isAccessible(script, constants.R_OK)) {
    throw new MlopsError(code, `There is no script “${spec.script}”.`, {
      hint: `The recipe “${spec.recipe}” needs it in the folder training.`,
    });
  }
  if (python.includes(sep) && !isAccessible(python, constants.X_OK)) {
    throw new MlopsError(code, pythonMissing.message, { hint: pythonMissing.hint });
  }
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
