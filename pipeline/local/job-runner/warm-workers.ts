// Importing torch and transformers takes longer than training a small model. A worker does it before
// there is a job, and then becomes that job: each one runs one script, so that no job meets what
// another left in memory.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JobSpec } from '../../core/ports.ts';
import type { Log } from '../log.ts';
import { processMark } from '../process-mark.ts';
import {
  type Environment,
  type PythonOptions,
  type PythonProcess,
  startPython,
} from '../python-process.ts';
import { createKeptLines } from '../python-reason.ts';
import { after } from '../timers.ts';
import { hasRoom } from './has-room.ts';

const GRACE_SECONDS = 1;
/** What `warm_worker.py` prints right before the first line of the script. */
const BEGUN = '{"event": "begun"}';

/** What a worker is kept warm for. */
export type WarmPurpose = Pick<JobSpec, 'kind' | 'recipe'>;

export interface WarmWorkersOptions {
  readonly workFolder: string;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  readonly idleSeconds: number;
  readonly log: Log;
}

/** A worker that was given a job. */
export interface WarmWorker {
  readonly python: PythonProcess;
  /** False until the script runs; a worker that ends before that did nothing of the job. */
  hasBegun(): boolean;
}

export interface WarmWorkers {
  /** Starts a worker for this purpose; one that waits for another recipe makes room for it. */
  prepare(purpose: WarmPurpose): void;
  /**
   * Makes the waiting worker run this script, and prepares one for the job that is likely to follow:
   * at once for an evaluation, after the evaluation for the next training. Null when none waits that
   * imported for this recipe.
   */
  take(purpose: WarmPurpose, script: PythonOptions): WarmWorker | null;
  /** Ends the worker that waits. */
  close(): Promise<void>;
}

interface Waiting {
  readonly purpose: WarmPurpose;
  readonly run: (script: PythonOptions) => WarmWorker;
  readonly end: () => Promise<unknown>;
  /** Starts the time anew after which it ends for want of a job. */
  readonly keep: () => void;
}

/**
 * Keeps at most one worker waiting. A recipe takes part in it by a file that imports what takes long:
 * `train_imports.py` beside its `train.py`, `inference_imports.py` beside its `inference.py`.
 */
export function createWarmWorkers(options: WarmWorkersOptions): WarmWorkers {
  let waiting: Waiting | null = null;
  let isClosed = false;

  function start(purpose: WarmPurpose, imports: string): Waiting {
    const printed = createKeptLines();
    let job: PythonOptions | null = null;
    let hasBegun = false;
    const python = startPython({
      python: options.python,
      script: resolve(options.trainingFolder, 'warm_worker.py'),
      args: [imports],
      folder: options.trainingFolder,
      mark: processMark(options.workFolder, `warm/${randomUUID()}`),
      inherited: options.environment,
      onStderr: (line) => (job === null ? printed.add(line) : job.onStderr(line)),
      onStdout(line) {
        if (line === BEGUN) hasBegun = true;
        else if (job === null) printed.add(line);
        else job.onStdout(line);
      },
    });
    let cancelIdle = () => {};
    let isEnding = false;
    const end = () => {
      isEnding = true;
      if (waiting === worker) waiting = null;
      cancelIdle();
      python.terminate(GRACE_SECONDS);
      return python.exited;
    };
    const worker: Waiting = {
      purpose,
      end,
      keep() {
        cancelIdle();
        cancelIdle = after(options.idleSeconds, end);
      },
      run(script) {
        cancelIdle();
        job = script;
        for (const line of printed.all()) script.onStderr(line);
        const { variables = {}, folder } = script;
        python.write(`${JSON.stringify({ script: script.script, folder, variables })}\n`);
        return { python, hasBegun: () => hasBegun };
      },
    };
    worker.keep();
    void python.exited.then(({ startError }) => {
      cancelIdle();
      if (waiting === worker) waiting = null;
      if (job !== null || isEnding) return;
      const error = startError ?? new Error(printed.all().join('\n'));
      const message = 'Python packages could not be imported ahead; jobs import them themselves.';
      options.log({ message, about: purpose.recipe, error });
    });
    return worker;
  }

  function prepare(purpose: WarmPurpose): void {
    if (isClosed || options.idleSeconds === 0) return;
    if (waiting?.purpose.recipe === purpose.recipe) {
      waiting.keep();
      return;
    }
    const imports = importsFile(options.trainingFolder, purpose);
    if (!existsSync(imports) || !hasRoom()) return;
    void waiting?.end();
    waiting = start(purpose, imports);
  }

  return {
    prepare,
    take(purpose, script) {
      if (waiting?.purpose.recipe !== purpose.recipe) return null;
      const worker = waiting.run(script);
      waiting = null;
      if (purpose.kind === 'train') prepare({ ...purpose, kind: 'evaluate' });
      // Not yet: imports for training would slow down the evaluation, which takes less long than they.
      else void worker.python.exited.then(() => prepare({ ...purpose, kind: 'train' }));
      return worker;
    },
    async close() {
      isClosed = true;
      await waiting?.end();
    },
  };
}

function importsFile(trainingFolder: string, { kind, recipe }: WarmPurpose): string {
  const name = kind === 'train' ? 'train_imports.py' : 'inference_imports.py';
  return resolve(trainingFolder, 'recipes', recipe, name);
}
