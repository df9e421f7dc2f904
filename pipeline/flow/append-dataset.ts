import { createHash } from 'node:crypto';
import { filesOf, filesToAppendTo, MOST_FILES, type ProductionData } from '../core/appending.ts';
import type { Appending, Dataset, DatasetFile } from '../core/dataset.ts';
import { MlopsError } from '../core/errors.ts';
import type { PrepareReport } from '../core/python-contract.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Production } from './production.ts';

/** What is older says nothing of files that wait for their turn. */
const MOST_RUNS = 100;

/**
 * The dataset of a run with the files that its own is appended to.
 * @throws {MlopsError} `DATASET_INVALID` when it adds nothing, or one too many.
 */
export async function appendDataset(
  { runs }: Pick<FlowDeps, 'runs'>,
  run: Run,
  dataset: Dataset,
  live: Production | null,
): Promise<{ readonly dataset: Dataset; readonly appending: Appending }> {
  const production = await dataOf({ runs }, live);
  const older = await runs.list({ model: run.model, after: run, limit: MOST_RUNS });
  const { files, leftOut } = filesToAppendTo(older, production);
  const known = new Set(files.map(({ version }) => version));
  const added = filesOf(dataset).filter(({ version }) => !known.has(version));
  const all = [...files, ...added];
  if (added.length === 0) throw nothingNew(run, dataset, production);
  if (all.length > MOST_FILES) throw tooMany(dataset);
  const appending = { onto: production?.version ?? null, leftOut };
  return { dataset: datasetOf(all, dataset), appending };
}

/** What the version in production was trained on; null without, and when its record is gone. */
async function dataOf(
  { runs }: Pick<FlowDeps, 'runs'>,
  live: Production | null,
): Promise<ProductionData | null> {
  if (live === null) return null;
  const { version, registered } = live;
  const maker = await runs.get(registered.runId);
  return maker?.dataset == null ? null : { version, runId: maker.id, dataset: maker.dataset };
}

/** The newest file stands for all; the same files in the same order have the same version. */
function datasetOf(files: readonly DatasetFile[], fallback: Dataset): Dataset {
  const newest = files.at(-1);
  if (newest === undefined || files.length === 1) return newest ?? fallback;
  const versions = files.map(({ version }) => version).join('\n');
  const version = createHash('sha256').update(versions).digest('hex').slice(0, 12);
  const plain = ({ key, fileName, version: own, bytes }: DatasetFile): DatasetFile => ({
    key,
    fileName,
    version: own,
    bytes,
  });
  return { ...plain(newest), version, files: files.map(plain) };
}

function nothingNew(run: Run, { fileName }: Dataset, production: ProductionData | null) {
  const whose = production === null ? `of ${run.model}` : `of v${production.version}`;
  return new MlopsError(
    'DATASET_INVALID',
    `“${fileName}” is already part of the data ${whose}, so there is nothing to append.`,
    { hint: `/mlops retrain ${run.model} trains on that data again.` },
  );
}

function tooMany({ fileName }: Dataset) {
  return new MlopsError(
    'DATASET_INVALID',
    `With “${fileName}” the dataset would have more than ${MOST_FILES} files.`,
    { hint: 'Drop one file with all rows, as a replacement; later ones can be appended to it.' },
  );
}

/**
 * Requires that every file was read as it was dropped.
 * @throws {MlopsError} `DATASET_INVALID` naming one that has changed; `PREPARE_FAILED`, retryable,
 * from a function that is older than appending.
 */
export function requireFiles(dataset: Dataset, { status, sources }: PrepareReport): void {
  const files = filesOf(dataset);
  if (files.length === 1 || status !== 'ok') return;
  if (sources?.length !== files.length) {
    throw new MlopsError('PREPARE_FAILED', 'The earlier files of the dataset were not read.', {
      hint: 'The prepare function is older than the pipeline: deploy the stage again.',
      retryable: true,
    });
  }
  const changed = files.find(({ version }, index) => !sources[index]?.sha256.startsWith(version));
  if (changed === undefined) return;
  throw new MlopsError(
    'DATASET_INVALID',
    `“${changed.fileName}” is not the file that was dropped: its content has changed.`,
    { hint: 'Drop one file with all rows, as a replacement.' },
  );
}
