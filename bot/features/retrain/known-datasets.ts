import { datasetsOf, type KnownDataset } from '../../../pipeline/core/dataset-standing.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Dataset } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { standingWords } from './standing-words.ts';

/** The dataset versions of a model, newest first, each once. */
export async function knownDatasets(
  pipeline: Pick<Pipeline, 'listRuns'>,
  model: string,
): Promise<readonly KnownDataset[]> {
  return datasetsOf(await pipeline.listRuns({ model, limit: 200 }));
}

/** What a person names; data whose difference from production they have been shown, they accept. */
export interface NamedDataset {
  readonly dataset: Dataset;
  readonly acceptsData?: true;
  readonly appends?: true;
}

/**
 * A dataset of the model by its version or at least the first 4 characters of it. How the data looks
 * together with that of production nobody has been shown yet.
 * @throws {MlopsError} `DATASET_UNKNOWN`.
 */
export async function readDataset(
  pipeline: Pick<Pipeline, 'listRuns'>,
  model: string,
  typed: string,
  appends = false,
): Promise<NamedDataset> {
  const known = await knownDatasets(pipeline, model);
  const found =
    typed.length < 4
      ? undefined
      : known.find(({ dataset }) => dataset.version.startsWith(typed.toLowerCase()));
  if (found !== undefined) {
    const { dataset, standing } = found;
    if (appends) return { dataset, appends };
    return standing === 'changed' ? { dataset, acceptsData: true } : { dataset };
  }
  const versions = known.slice(0, 5).map(({ dataset, standing }) => {
    const why = standingWords[standing];
    return why === null ? dataset.version : `${dataset.version} (${why})`;
  });
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
