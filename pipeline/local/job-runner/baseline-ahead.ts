// Training a small model takes one core. On another one the baseline that its evaluation will ask for
// is fitted meanwhile: it needs nothing of the training, and people wait for the evaluation.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { JobSpec } from '../../core/ports.ts';
import type { RunId } from '../../core/run.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { isAbsent } from '../folders.ts';
import { clearLeftovers } from '../leftovers.ts';
import type { Log } from '../log.ts';
import { processMark } from '../process-mark.ts';
import { type Environment, type PythonProcess, startPython } from '../python-process.ts';
import { hasRoom } from './has-room.ts';

/** What `training/fit_baseline.py` writes. */
const FILE = 'baseline.json';

/** Nothing of it ever fails a job: without a result, the evaluation fits the baseline itself. */
export interface BaselineAhead {
  /** Begins for a training whose spec names a baseline, where a core and memory are to spare. */
  begin(spec: JobSpec): void;
  /**
   * Moves what the fit beside this run's training wrote into a folder. A fit that has not ended is
   * ended: the evaluation is not kept waiting.
   */
  take(runId: RunId, target: string): Promise<void>;
  /** Ends the fit of a run that comes to no evaluation. */
  drop(runId: RunId): Promise<void>;
  /** Ends and removes what a pipeline that was killed has left; its evaluations fit their own. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

export function createBaselineAhead(options: {
  readonly workFolder: string;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  readonly artifacts: FolderArtifactStore;
  readonly log: Log;
  readonly cores?: number;
}): BaselineAhead {
  const { workFolder, artifacts, log, cores = availableParallelism() } = options;
  const root = join(workFolder, 'baselines');
  const begun = new Map<RunId, PythonProcess>();
  const mark = processMark(workFolder, 'baseline');
  const report = (error: unknown) => log({ message: 'A baseline is not fitted ahead.', error });

  function start({ runId, baseline, channels }: JobSpec): PythonProcess | null {
    const { train } = channels;
    if (baseline === undefined || baseline.name === 'majority' || train === undefined) return null;
    const folder = join(root, runId);
    mkdirSync(folder, { recursive: true });
    const hyperparameters = JSON.stringify({ baseline: baseline.name });
    writeFileSync(join(folder, 'hyperparameters.json'), hyperparameters);
    return startPython({
      python: options.python,
      script: resolve(options.trainingFolder, 'fit_baseline.py'),
      folder,
      mark,
      inherited: options.environment,
      variables: {
        SM_CHANNEL_TRAIN: dirname(artifacts.path(train)),
        SM_CHANNEL_TEST: dirname(artifacts.path(baseline.test)),
        SM_INPUT_CONFIG_DIR: folder,
        SM_OUTPUT_DIR: folder,
        SM_OUTPUT_DATA_DIR: folder,
      },
      // Whatever is wrong with it, the evaluation meets it again and says so.
      onStdout: () => {},
      onStderr: () => {},
    });
  }

  async function end(runId: RunId): Promise<void> {
    const python = begun.get(runId);
    python?.terminate(0);
    await python?.exited;
  }

  async function drop(runId: RunId): Promise<void> {
    if (!begun.has(runId)) return;
    await end(runId);
    begun.delete(runId);
    await rm(join(root, runId), { recursive: true, force: true }).catch(report);
  }

  return {
    begin(spec) {
      if (begun.has(spec.runId) || cores < 2 || !hasRoom()) return;
      try {
        const python = start(spec);
        if (python !== null) begun.set(spec.runId, python);
      } catch (error) {
        report(error);
      }
    },
    async take(runId, target) {
      if (!begun.has(runId)) return;
      await end(runId);
      try {
        await mkdir(target, { recursive: true });
        await rename(join(root, runId, FILE), join(target, FILE));
      } catch (error) {
        if (!isAbsent(error)) report(error);
      }
      await drop(runId);
    },
    drop,
    async recover() {
      await clearLeftovers(mark);
      await rm(root, { recursive: true, force: true }).catch(report);
    },
    async close() {
      await Promise.all([...begun.keys()].map(drop));
    },
  };
}
