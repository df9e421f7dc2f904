// The /opt/ml tree of one job, in the work folder.
import { constants } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MlopsError } from '../../core/errors.ts';
import type { JobSpec } from '../../core/ports.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { copyInto, isAbsent } from '../folders.ts';
import { processMark } from '../process-mark.ts';

export interface JobFolder {
  readonly root: string;
  readonly channels: string;
  readonly config: string;
  readonly model: string;
  readonly output: string;
  readonly outputData: string;
  readonly checkpoints: string;
  readonly log: string;
  /** Of the processes that run in it. */
  readonly mark: string;
}

/** `checkpoints` is the artifact folder itself: locally there is nothing to restore or to sync. */
export function jobFolder(options: {
  spec: JobSpec;
  artifacts: FolderArtifactStore;
  workFolder: string;
}): JobFolder {
  const { spec, artifacts, workFolder } = options;
  const root = join(workFolder, 'jobs', spec.name);
  return {
    root,
    channels: join(root, 'input/data'),
    config: join(root, 'input/config'),
    model: join(root, 'model'),
    output: join(root, 'output'),
    outputData: join(root, 'output/data'),
    checkpoints:
      spec.checkpointPrefix === null
        ? join(root, 'checkpoints')
        : artifacts.path(spec.checkpointPrefix),
    log: join(root, 'log.txt'),
    mark: processMark(workFolder, `job/${spec.name}`),
  };
}

/**
 * Lays out the tree for an attempt as SageMaker does on a new machine: inputs are fetched again,
 * and of an earlier attempt only the checkpoints are kept.
 * @throws {MlopsError} `TRAINING_FAILED` or `EVALUATION_FAILED` when a channel has no data.
 */
export async function stageJob(
  spec: JobSpec,
  folder: JobFolder,
  artifacts: FolderArtifactStore,
): Promise<void> {
  await clearJob(spec, folder);
  for (const path of [folder.channels, folder.config, folder.model, folder.outputData]) {
    await mkdir(path, { recursive: true });
  }
  await mkdir(folder.checkpoints, { recursive: true });
  const hyperparameters = JSON.stringify(spec.hyperparameters, null, 2);
  await writeFile(join(folder.config, 'hyperparameters.json'), hyperparameters);

  for (const [channel, key] of Object.entries(spec.channels)) {
    const keys = key.endsWith('/') ? await artifacts.list(key) : [key];
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    try {
      if (keys.length === 0) throw noData(spec, channel);
      for (const each of keys) {
        const target = join(folder.channels, channel, each.slice(prefix.length));
        await copyInto(artifacts.path(each), target);
      }
    } catch (error) {
      throw isAbsent(error) ? noData(spec, channel) : error;
    }
  }
}

/** Where an evaluation finds a baseline that is fitted already; there need be none. */
export function baselineChannel({ channels }: JobFolder): string {
  return join(channels, 'baseline');
}

/** Removes what an attempt read and wrote, except for the run's checkpoints and the log. */
export async function clearJob(spec: JobSpec, folder: JobFolder): Promise<void> {
  const paths = [join(folder.root, 'input'), folder.model, folder.output];
  if (spec.checkpointPrefix === null) paths.push(folder.checkpoints);
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}

/** The variables by which `training/job/paths.py` finds the tree, and the name of the job. */
export function jobVariables(spec: JobSpec, folder: JobFolder): Record<string, string> {
  const channels = Object.keys(spec.channels).map((channel) => [
    `SM_CHANNEL_${channel.toUpperCase()}`,
    join(folder.channels, channel),
  ]);
  if (spec.kind === 'evaluate') channels.push(['SM_CHANNEL_BASELINE', baselineChannel(folder)]);
  return {
    ...Object.fromEntries(channels),
    SM_INPUT_CONFIG_DIR: folder.config,
    SM_MODEL_DIR: folder.model,
    SM_OUTPUT_DIR: folder.output,
    SM_OUTPUT_DATA_DIR: folder.outputData,
    SM_CHECKPOINT_DIR: folder.checkpoints,
    TRAINING_JOB_NAME: spec.name,
  };
}

/** More than a reason may have. */
const MAX_FAILURE_BYTES = 8 * 1024;

/**
 * What the script left in its failure file; null when it left none. A pipe would never end, and a
 * link may lead anywhere: neither is read.
 */
export async function readFailure(folder: JobFolder): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    const file = await open(join(folder.output, 'failure'), flags);
    try {
      if (!(await file.stat()).isFile()) return null;
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_FAILURE_BYTES) });
      const text = buffer.toString('utf8', 0, bytesRead).trim();
      return text === '' ? null : text;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsent(error) || isLink(error)) return null;
    throw error;
  }
}

/** What opening a link without following it fails with. */
function isLink(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOOP';
}

function noData(spec: JobSpec, channel: string): MlopsError {
  return new MlopsError(
    spec.kind === 'train' ? 'TRAINING_FAILED' : 'EVALUATION_FAILED',
    `The input channel “${channel}” has no data.`,
  );
}
