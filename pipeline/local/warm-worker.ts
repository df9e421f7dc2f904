import { resolve } from 'node:path';
import type { Log } from './log.ts';
import {
  type Environment,
  type PythonOptions,
  type PythonProcess,
  startPython,
} from './python-process.ts';
import { createKeptLines } from './python-reason.ts';
import { after } from './timers.ts';

const GRACE_SECONDS = 1;
/** What `warm_worker.py` prints right before the first line of the script. */
const BEGUN = '{"event": "begun"}';

export interface WarmWorkerOptions {
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  /** The file that imports what takes long. */
  readonly imports: string;
  /** What it is for, by `processMark`. */
  readonly mark: string;
  /** The same in a log. */
  readonly about: string;
  /** After so long without a script it ends. */
  readonly idleSeconds: number;
  /** Called when it waits no longer: it ended, or was given a script. */
  readonly onGone: () => void;
  readonly log: Log;
}

/** A worker that was given a script. */
export interface WarmScript {
  readonly python: PythonProcess;
  /** False until the script runs; a worker that ends before that did nothing of it. */
  hasBegun(): boolean;
}

/** A process that imported packages and waits for a script that needs them. */
export interface WarmWorker {
  /** Runs the script in the worker, once. */
  run(script: PythonOptions): WarmScript;
  end(): Promise<unknown>;
  /** Starts the time anew after which it ends for want of a script. */
  keep(): void;
}

/** Starts `warm_worker.py` with a file of imports. */
export function startWarmWorker(options: WarmWorkerOptions): WarmWorker {
  const printed = createKeptLines();
  let given: PythonOptions | null = null;
  let hasBegun = false;
  const python = startPython({
    python: options.python,
    script: resolve(options.trainingFolder, 'warm_worker.py'),
    args: [options.imports],
    folder: options.trainingFolder,
    mark: options.mark,
    inherited: options.environment,
    onStderr: (line) => (given === null ? printed.add(line) : given.onStderr(line)),
    onStdout(line) {
      if (line === BEGUN) hasBegun = true;
      else if (given === null) printed.add(line);
      else given.onStdout(line);
    },
  });
  let cancelIdle = () => {};
  let isEnding = false;
  function leave(): void {
    cancelIdle();
    options.onGone();
  }
  function end(): Promise<unknown> {
    isEnding = true;
    leave();
    python.terminate(GRACE_SECONDS);
    return python.exited;
  }
  function keep(): void {
    cancelIdle();
    cancelIdle = after(options.idleSeconds, end);
  }
  keep();
  void python.exited.then(({ startError }) => {
    if (given !== null || isEnding) return;
    leave();
    const error = startError ?? new Error(printed.all().join('\n'));
    const message = 'Python packages could not be imported ahead; jobs import them themselves.';
    options.log({ message, about: options.about, error });
  });
  return {
    end,
    keep,
    run(script) {
      leave();
      given = script;
      for (const line of printed.all()) script.onStderr(line);
      const { variables = {}, args = [], folder } = script;
      python.write(`${JSON.stringify({ script: script.script, args, folder, variables })}\n`);
      return { python, hasBegun: () => hasBegun };
    },
  };
}
