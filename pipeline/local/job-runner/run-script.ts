import { resolve } from 'node:path';
import { type JobEvent, parseJobEvent } from '../../core/python-contract.ts';
import { createLineLog } from '../line-log.ts';
import {
  type Environment,
  type Exit,
  type PythonOptions,
  type PythonProcess,
  startPython,
} from '../python-process.ts';
import { createKeptLines } from '../python-reason.ts';
import { after, createThrottle } from '../timers.ts';
import type { JobControl } from './job-control.ts';
import { type JobFolder, jobVariables } from './job-folder.ts';
import { applyEvent, beginPhase, type JobRecord, nextLimit } from './job-record.ts';
import type { WarmWorkers } from './warm-workers.ts';

/** Progress is stored and reported at most this often; the last one always is. */
const PROGRESS_MILLISECONDS = 500;

export interface ScriptOptions {
  readonly job: JobRecord;
  readonly folder: JobFolder;
  readonly control: JobControl;
  readonly warm: WarmWorkers;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  readonly change: (update: (job: JobRecord, at: string) => JobRecord) => JobRecord;
}

export interface ScriptExit extends Exit {
  /** Why it ended, in the words of its log; null when it printed nothing. */
  readonly said: string | null;
}

/**
 * Runs one attempt of a job to its end, recording what the script prints; never throws for it. A
 * warm worker that ends before the script has begun is replaced by a fresh process.
 */
export async function runScript(options: ScriptOptions): Promise<ScriptExit> {
  const { job, folder, control, warm, change } = options;
  const appendToLog = createLineLog(folder.log);
  const said = createKeptLines();
  const log = (line: string) => {
    said.add(line);
    appendToLog(line);
  };
  let progress: JobEvent | null = null;
  const throttle = createThrottle(PROGRESS_MILLISECONDS, () => {
    const event = progress;
    if (event !== null) change((current, at) => applyEvent(current, event, at));
  });

  const script: PythonOptions = {
    python: options.python,
    script: resolve(options.trainingFolder, job.spec.script),
    folder: folder.root,
    mark: folder.mark,
    inherited: options.environment,
    variables: jobVariables(job.spec, folder),
    onStderr: log,
    onStdout(line) {
      const event = parseJobEvent(line);
      if (event === null) return log(line);
      if (event.event === 'progress') {
        progress = event;
        throttle.call();
      } else {
        throttle.flush();
        change((current, at) => applyEvent(current, event, at));
      }
    },
  };
  async function follow(python: PythonProcess): Promise<Exit> {
    const running = change((current, at) => ({
      ...beginPhase(current, 'running', at),
      secondaryStatus: 'Training',
      process: python.identity,
    }));
    const limit = nextLimit(running);
    const cancelLimit = after(limit.seconds, () => control.end(limit.name));
    const exit = await control.watch(python);
    cancelLimit();
    return exit;
  }

  const worker = warm.take(job.spec, script);
  let exit = worker === null ? null : await follow(worker.python);
  const mustEnd = () => control.ending() !== null || control.isInterrupted();
  if (exit === null || !(worker?.hasBegun() || mustEnd())) exit = await follow(startPython(script));
  throttle.flush();
  return { ...exit, said: said.reason() };
}
