import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Dataset, Instant } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';

/** A dataset that an earlier run used. */
export interface KnownDataset {
  readonly dataset: Dataset;
  readonly usedAt: Instant;
  /** Usable rows; null when it has not been checked yet. */
  readonly rows: number | null;
  readonly isValid: boolean;
}

/** The dataset versions of a model, newest first, each once. */
export async function knownDatasets(
  pipeline: Pick<Pipeline, 'listRuns'>,
  model: string,
): Promise<readonly KnownDataset[]> {
  const runs = await pipeline.listRuns({ model, limit: 200 });
  const known = new Map<string, KnownDataset>();
  for (const { dataset, prepared, createdAt } of runs) {
    if (dataset === null || (known.has(dataset.version) && prepared === null)) continue;
    const first = known.get(dataset.version);
    if (first !== undefined && first.rows !== null) continue;
    known.set(dataset.version, {
      dataset,
      usedAt: first?.usedAt ?? createdAt,
      rows: prepared?.rows.kept ?? null,
      isValid: prepared?.status === 'ok',
    });
  }
  return [...known.values()];
}

/**
 * A dataset of the model by its version or at least the first 4 characters of it.
 * @throws {MlopsError} `DATASET_UNKNOWN`.
 */
export async function readDataset(
  pipeline: Pick<Pipeline, 'listRuns'>,
  model: string,
  typed: string,
): Promise<Dataset> {
  const known = await knownDatasets(pipeline, model);
  const found =
    typed.length < 4
      ? undefined
      : known.find(({ dataset }) => dataset.version.startsWith(typed.toLowerCase()));
  if (found !== undefined) return found.dataset;
  const versions = known.map(({ dataset }) => dataset.version).slice(0, 5);
  throw new MlopsError(
    'DATASET_UNKNOWN',
    `${model} has no dataset version “${shown(typed, 40)}”.`,
    {
      hint:
        versions.length === 0
          ? 'Drop a dataset into the inbox first.'
          : `The latest are: ${versions.join(', ')}.`,
    },
  );
}
