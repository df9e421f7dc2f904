import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { MlopsError } from '../../core/errors.ts';
import type { JobSpec } from '../../core/ports.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { entriesUnder, isOutOfSpace } from '../folders.ts';
import { clearLeftovers } from '../leftovers.ts';
import type { Log } from '../log.ts';
import { isRunningFor, purposeOf } from '../process-mark.ts';
import { endProcess } from '../processes.ts';
import { type Environment, type Exit, pythonMissing } from '../python-process.ts';
import { after, pause } from '../timers.ts';
import type { BaselineAhead } from './baseline-ahead.ts';
import { checkOutput } from './check-output.ts';
import type { Ending, JobControl } from './job-control.ts';
import {
  baselineChannel,
  clearJob,
  type JobFolder,
  jobFolder,
  readFailure,
  stageJob,
} from './job-folder.ts';
import {
  beginPhase,
  endJob,
  endPhase,
  hasJobEnded,
  interruptJob,
  type JobRecord,
  nextLimit,
} from './job-record.ts';
import { packModel } from './pack-model.ts';
import { runScript, type ScriptExit } from './run-script.ts';
import type { Slots } from './slots.ts';
import type { WarmWorkers } from './warm-workers.ts';

/** How often a job restarts after interrupting itself before it fails. */
const MAX_LOST_MACHINES = 10;
/** 128 + SIGTERM: what a script that was interrupted ends with. */
const EXIT_INTERRUPTED = 143;

export interface DriveOptions {
  readonly control: JobControl;
  readonly slots: Slots;
  readonly warm: WarmWorkers;
  readonly ahead: BaselineAhead;
  readonly artifacts: FolderArtifactStore;
  readonly workFolder: string;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  readonly capacityWaitSeconds: number;
  readonly gracePeriodSeconds: number;
  readonly log: Log;
  readonly get: () => JobRecord;
  /** Stores and reports what `update` returns; nothing happens when it is the same object. */
  readonly change: (update: (job: JobRecord, at: string) => JobRecord) => JobRecord;
}

/**
 * Drives a job from its current state to its end or, when the pipeline closes, to a state it can be
 * resumed from. Never throws: an error is the job's failure.
 */
export async function driveJob(options: DriveOptions): Promise<void> {
  const { control, slots, ahead, change, get, log } = options;
  const { spec } = get();
  try {
    await leaveEarlierLife(options);
    if (get().status === 'Stopping') control.end('stop');
    if (get().secondaryStatus === 'Uploading') return await finish(options);

    change((job, at) => (job.phase === null ? beginPhase(job, 'waiting', at) : job));
    const limit = nextLimit(get());
    const cancelLimit = after(limit.seconds, () => control.end(limit.name));
    const giveBack = await slots.take(control.signal);
    cancelLimit();
    if (giveBack === null) return leave(options);
    await runAttempts(options).finally(giveBack);
  } catch (error) {
    log({ message: 'A job could not be run.', about: spec.name, error });
    fail(options, describeError(error));
  } finally {
    // The evaluation of a training that has completed takes it.
    if (get().status !== 'Completed') await ahead.drop(spec.runId);
  }
}

/**
 * After the pipeline was killed: a script that still runs is ended before another one may use the
 * same checkpoints. The gap is recorded as an interruption, so that the thread can say where
 * training resumed; it costs no waiting time.
 */
async function leaveEarlierLife(options: DriveOptions): Promise<void> {
  const { get, change, gracePeriodSeconds, workFolder } = options;
  const { spec, process, phase, seenAt } = get();
  const outlivedUs = process !== null && isRunningFor(workFolder, process);
  if (outlivedUs) await endProcess(process, gracePeriodSeconds);
  await clearLeftovers(jobFolder({ ...options, spec }).mark);
  // A worker that was warm before the job came has a mark of its own.
  const purpose = process && purposeOf(workFolder, process);
  if (purpose !== null) await clearLeftovers(purpose);
  if (process !== null) {
    change((job, at) => interruptJob(job, outlivedUs ? at : seenAt));
  } else if (phase !== null) {
    change((job) => endPhase(job, seenAt));
  }
}

async function runAttempts(options: DriveOptions): Promise<void> {
  const { control, ahead, change, get, artifacts, workFolder } = options;
  const { spec } = get();
  const folder = jobFolder({ spec, artifacts, workFolder });
  while (!hasJobEnded(get()) && control.ending() === null) {
    change((job, at) => ({ ...endPhase(job, at), secondaryStatus: 'Starting' }));
    await stageJob(spec, folder, artifacts);
    if (control.ending() !== null) return leave(options);
    if (spec.kind === 'evaluate') await ahead.take(spec.runId, baselineChannel(folder));

    const running = runScript({ ...options, job: get(), folder });
    // Starting a process holds this one up, which the training need not wait for.
    if (spec.kind === 'train') ahead.begin(spec);
    const exit = await running;

    switch (judge(exit, control)) {
      case 'completed':
        change((job, at) => ({
          ...endPhase(job, at),
          secondaryStatus: 'Uploading',
          process: null,
        }));
        return finish(options);
      case 'failed':
        return fail(options, (await readFailure(folder)) ?? describeExit(exit));
      case 'interrupted':
        if (control.ending() !== null) return leave(options);
        options.warm.prepare(spec);
        await waitForMachine(options);
    }
  }
}

async function waitForMachine(options: DriveOptions): Promise<void> {
  const { control, change, capacityWaitSeconds } = options;
  const isLost = !control.isInterrupted();
  const waiting = change((job, at) => ({
    ...beginPhase(interruptJob(job, at), 'waiting', at),
    lostMachines: job.lostMachines + (isLost ? 1 : 0),
  }));
  if (waiting.lostMachines > MAX_LOST_MACHINES) {
    const times = waiting.lostMachines;
    return fail(options, `The script was interrupted ${times} times and not started again.`);
  }
  const limit = nextLimit(waiting);
  await pause(Math.min(capacityWaitSeconds, limit.seconds), control.signal);
  if (limit.seconds <= capacityWaitSeconds) control.end(limit.name);
  if (control.ending() !== null) leave(options);
}

/** Stores output files and the packed model under the keys where SageMaker leaves them. */
async function finish({ get, change, artifacts, workFolder }: DriveOptions): Promise<void> {
  const { spec } = get();
  const folder = jobFolder({ spec, artifacts, workFolder });
  const prefix = outputPrefix(spec);
  await checkOutput(spec, folder);
  const packed = packModel({ folder: folder.model, key: `${prefix}model.tar.gz`, artifacts });
  const [modelArtifact] = await Promise.all([packed, storeOutput(prefix, folder, artifacts)]);
  change((job, at) => endJob(job, { status: 'Completed', modelArtifact }, at));
  await clearJob(spec, folder);
}

async function storeOutput(
  prefix: string,
  { outputData }: JobFolder,
  artifacts: FolderArtifactStore,
): Promise<void> {
  for (const { path } of await entriesUnder(outputData)) {
    await artifacts.putStream(`${prefix}data/${path}`, createReadStream(join(outputData, path)));
  }
}

/** Ends the job as requested; when the pipeline closes, it stays open for the next process. */
function leave({ control, change }: DriveOptions): void {
  const ending = control.ending();
  if (ending === null) return;
  if (ending === 'close') {
    change((job, at) => (job.process === null ? endPhase(job, at) : interruptJob(job, at)));
    return;
  }
  const secondaryStatus = ending === 'stop' ? 'Stopped' : ending;
  change((job, at) => endJob(job, { status: 'Stopped', secondaryStatus }, at));
}

function fail({ change }: DriveOptions, reason: string): void {
  change((job, at) => endJob(job, { status: 'Failed', reason }, at));
}

function describeError(error: unknown): string {
  if (error instanceof MlopsError) return [error.message, error.hint].filter(Boolean).join(' ');
  return isOutOfSpace(error)
    ? 'The disk of this machine is full. Free some space, then run it again.'
    : 'The job stopped because of an unexpected error; the log of the pipeline has the details.';
}

/** A script that succeeded stays so if it was just interrupted; a stop still counts. */
function judge(exit: Exit, control: JobControl): 'completed' | 'interrupted' | 'failed' {
  const ending: Ending | null = control.ending();
  if (exit.startError !== null) return 'failed';
  if (exit.code === 0) return ending === 'stop' ? 'interrupted' : 'completed';
  const isInterrupted = ending !== null || control.isInterrupted();
  const wasTerminated = exit.code === EXIT_INTERRUPTED || exit.signal === 'SIGTERM';
  return isInterrupted || wasTerminated ? 'interrupted' : 'failed';
}

function describeExit({ code, signal, startError, said }: ScriptExit): string {
  if (startError !== null) return `${pythonMissing.message} ${pythonMissing.hint}`;
  if (signal === 'SIGKILL') return 'The script was killed; the machine may have run out of memory.';
  const end = signal === null ? `with exit code ${code}` : `by ${signal}`;
  return said === null
    ? `The script ended ${end} and printed nothing.`
    : `The script ended ${end}. It said: ${said}`;
}

/** `{S3OutputPath}/{job}/output/`, as SageMaker names it. */
export function outputPrefix(spec: JobSpec): string {
  return `${spec.outputPrefix}${spec.name}/output/`;
}
