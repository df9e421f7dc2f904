// Importing torch and transformers takes longer than training a small model. A worker does it before
// there is a job, and then becomes that job: each one runs one script, so that no job meets what
// another left in memory.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JobSpec } from '../../core/ports.ts';
import type { Log } from '../log.ts';
import { processMark } from '../process-mark.ts';
import type { Environment, PythonOptions } from '../python-process.ts';
import { startWarmWorker, type WarmScript, type WarmWorker } from '../warm-worker.ts';
import { hasRoom } from './has-room.ts';

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

export interface WarmWorkers {
  /** Starts a worker for this purpose; one that waits for another recipe makes room for it. */
  prepare(purpose: WarmPurpose): void;
  /**
   * Makes the waiting worker run this script, and prepares one for the job that is likely to follow:
   * at once for an evaluation, after the evaluation for the next training. Null when none waits that
   * imported for this recipe.
   */
  take(purpose: WarmPurpose, script: PythonOptions): WarmScript | null;
  /** Ends the worker that waits. */
  close(): Promise<void>;
}

interface Waiting {
  readonly purpose: WarmPurpose;
  readonly worker: WarmWorker;
}

/**
 * Keeps at most one worker waiting. A recipe takes part in it by a file that imports what takes long:
 * `train_imports.py` beside its `train.py`, `inference_imports.py` beside its `inference.py`.
 */
export function createWarmWorkers(options: WarmWorkersOptions): WarmWorkers {
  let waiting: Waiting | null = null;
  let isClosed = false;

  function start(purpose: WarmPurpose, imports: string): Waiting {
    const worker = startWarmWorker({
      ...options,
      imports,
      mark: processMark(options.workFolder, `warm/${randomUUID()}`),
      about: purpose.recipe,
      onGone() {
        if (waiting?.worker === worker) waiting = null;
      },
    });
    return { purpose, worker };
  }

  function prepare(purpose: WarmPurpose): void {
    if (isClosed || options.idleSeconds === 0) return;
    if (waiting?.purpose.recipe === purpose.recipe) {
      waiting.worker.keep();
      return;
    }
    const imports = importsFile(options.trainingFolder, purpose);
    if (!existsSync(imports) || !hasRoom()) return;
    void waiting?.worker.end();
    waiting = start(purpose, imports);
  }

  return {
    prepare,
    take(purpose, script) {
      if (waiting?.purpose.recipe !== purpose.recipe) return null;
      const warm = waiting.worker.run(script);
      // Starting a process holds this one up, which the job need not wait for.
      if (purpose.kind === 'train') setImmediate(() => prepare({ ...purpose, kind: 'evaluate' }));
      // Not yet: imports for training would slow down the evaluation, which takes less long than they.
      else void warm.python.exited.then(() => prepare({ ...purpose, kind: 'train' }));
      return warm;
    },
    async close() {
      isClosed = true;
      await waiting?.worker.end();
    },
  };
}

function importsFile(trainingFolder: string, { kind, recipe }: WarmPurpose): string {
  const name = kind === 'train' ? 'train_imports.py' : 'inference_imports.py';
  return resolve(trainingFolder, 'recipes', recipe, name);
}
