import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MAX_DATASET_BYTES } from '../core/dataset-file.ts';
import { MlopsError } from '../core/errors.ts';
import type { DatasetPreparer, PrepareRequest } from '../core/ports.ts';
import { type PrepareReport, parseContract, prepareReportSchema } from '../core/python-contract.ts';
import type { FolderArtifactStore } from './folder-artifact-store.ts';
import { isAbsent } from './folders.ts';
import { clearLeftovers } from './leftovers.ts';
import type { Log } from './log.ts';
import { processMark } from './process-mark.ts';
import {
  type Environment,
  type Exit,
  type PythonProcess,
  pythonMissing,
  startPython,
} from './python-process.ts';
import { createKeptLines } from './python-reason.ts';
import { after } from './timers.ts';
import { startWarmWorker, type WarmWorker } from './warm-worker.ts';

const REPORT_FILE = 'prepare-report.json';
const SPLIT_FILES = ['train.jsonl', 'validation.jsonl', 'test.jsonl', 'seen.json'] as const;
const EXIT_OK = 0;
const EXIT_INVALID = 2;
const DEFAULT_TIMEOUT_SECONDS = 5 * 60;
const GRACE_SECONDS = 2;
/** By then the process that trains has started, which the next worker must not hold up. */
const REFILL_SECONDS = 10;

export interface PythonDatasetPreparerOptions {
  readonly artifacts: FolderArtifactStore;
  readonly workFolder: string;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  /** Larger datasets are reported as invalid. */
  readonly maxBytes?: number;
  readonly timeoutSeconds?: number;
  readonly log: Log;
}

export interface PythonDatasetPreparer extends DatasetPreparer {
  /** Ends and removes what a killed process was preparing; call it before the first `prepare`. */
  recover(): Promise<void>;
  /** From now on a small process waits for the next dataset, so that preparing starts sooner. */
  keepWarm(): void;
  /** Ends the process that waits. */
  close(): Promise<void>;
}

/**
 * {@link DatasetPreparer} by a subprocess. The split files appear under the output prefix only
 * when all of them were written; the same request again writes the same bytes again.
 */
export function createPythonDatasetPreparer(
  options: PythonDatasetPreparerOptions,
): PythonDatasetPreparer {
  const { artifacts, workFolder, maxBytes = MAX_DATASET_BYTES } = options;
  const mark = processMark(workFolder, 'prepare');
  let waiting: WarmWorker | null = null;
  let isWarm = false;
  let cancelRefill = () => {};

  function fill(): void {
    const imports = resolve(options.trainingFolder, 'prepare_imports.py');
    if (!isWarm || waiting !== null || !existsSync(imports)) return;
    const worker = startWarmWorker({
      ...options,
      imports,
      mark,
      about: 'prepare_data.py',
      idleSeconds: Number.POSITIVE_INFINITY,
      onGone() {
        if (waiting === worker) waiting = null;
      },
    });
    waiting = worker;
  }

  async function run(request: PrepareRequest, folder: string): Promise<PrepareReport> {
    const said = createKeptLines();
    const script = {
      python: options.python,
      script: resolve(options.trainingFolder, 'prepare_data.py'),
      args: toArguments(request, { path: artifacts.path, folder, maxBytes }),
      folder,
      mark,
      inherited: options.environment,
      onStdout: said.add,
      onStderr: said.add,
    };
    const timeoutSeconds = options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    let isLate = false;
    async function follow(python: PythonProcess): Promise<Exit> {
      const cancelTimeout = after(timeoutSeconds, () => {
        isLate = true;
        python.terminate(GRACE_SECONDS);
      });
      const exit = await python.exited;
      cancelTimeout();
      return exit;
    }
    const warm = waiting?.run(script) ?? null;
    let exit = warm && (await follow(warm.python));
    // A worker that ended before the script began did nothing of it.
    if (exit === null || !(warm?.hasBegun() || isLate)) exit = await follow(startPython(script));
    const { code, signal, startError } = exit;

    const cause = startError ?? new Error(said.all().join('\n'));
    if (startError !== null) {
      throw new MlopsError('PREPARE_FAILED', pythonMissing.message, {
        hint: pythonMissing.hint,
        cause,
      });
    }
    if (isLate) {
      throw new MlopsError(
        'PREPARE_FAILED',
        `Preparing the dataset took longer than ${timeoutSeconds} seconds.`,
        { hint: 'Use a smaller dataset.', cause },
      );
    }
    const report = await readReport(folder);
    if (report === null || (code !== EXIT_OK && code !== EXIT_INVALID)) {
      options.log({ message: 'prepare_data.py failed.', about: request.inputKey, error: cause });
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const reason = said.reason();
      throw new MlopsError('PREPARE_FAILED', 'The dataset could not be prepared.', {
        hint: `The script prepare_data.py ended ${how}${
          reason === null ? ' and printed nothing.' : `. It said: ${reason}`
        }`,
        cause,
      });
    }
    return report;
  }

  return {
    async prepare(request) {
      const folder = join(workFolder, 'prepare', randomUUID());
      await mkdir(folder, { recursive: true });
      try {
        const report = await run(request, folder);
        if (report.status === 'ok') {
          // At once, because each waits for the disk.
          await Promise.all(
            SPLIT_FILES.map((file) =>
              artifacts.take(`${request.outputPrefix}${file}`, join(folder, file)),
            ),
          );
        }
        return report;
      } finally {
        cancelRefill();
        if (isWarm) cancelRefill = after(REFILL_SECONDS, fill);
        await rm(folder, { recursive: true, force: true });
      }
    },
    async recover() {
      await clearLeftovers(mark);
      await rm(join(workFolder, 'prepare'), { recursive: true, force: true });
    },
    keepWarm() {
      isWarm = true;
      fill();
    },
    async close() {
      isWarm = false;
      cancelRefill();
      await waiting?.end();
    },
  };
}

/** Values follow `=`, so that a column named `--task` stays a column. */
function toArguments(
  request: PrepareRequest,
  {
    path,
    folder,
    maxBytes,
  }: { path: FolderArtifactStore['path']; folder: string; maxBytes: number },
): readonly string[] {
  return [
    `--input=${path(request.inputKey)}`,
    ...request.appendTo.map(({ inputKey }) => `--append-to=${path(inputKey)}`),
    `--output-dir=${folder}`,
    `--task=${request.task}`,
    `--label-column=${request.labelColumn}`,
    ...(request.textColumn === null ? [] : [`--text-column=${request.textColumn}`]),
    ...(request.groupColumn === null ? [] : [`--group-column=${request.groupColumn}`]),
    ...(request.timeColumn === null ? [] : [`--time-column=${request.timeColumn}`]),
    ...request.sliceColumns.map((name) => `--slice-column=${name}`),
    `--on-conflict=${request.onConflict}`,
    ...request.earlier.map(
      ({ version, prefix }) => `--earlier=${version}=${dirname(path(`${prefix}train.jsonl`))}`,
    ),
    `--max-bytes=${maxBytes}`,
  ];
}

async function readReport(folder: string): Promise<PrepareReport | null> {
  try {
    const text = await readFile(join(folder, REPORT_FILE), 'utf8');
    return parseContract(prepareReportSchema, REPORT_FILE, text);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
