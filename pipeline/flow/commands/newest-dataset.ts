import { datasetsOf, isTrusted, type KnownDataset } from '../../core/dataset-standing.ts';
import { eachRun } from '../../core/each-run.ts';
import { MlopsError } from '../../core/errors.ts';
import type { Dataset, Run } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';

/** Among so many runs there is usually one with a dataset. */
const PAGE = 10;
/** A dataset that was blocked may have passed in one of so many runs. */
const MOST_RUNS = 100;

/**
 * The newest dataset whose runs were not blocked, stopped, rolled back or failed for their data.
 * @throws {MlopsError} `DATASET_UNKNOWN`, naming what may be asked for all the same.
 */
export async function newestDataset(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
): Promise<Dataset> {
  const seen: Run[] = [];
  for await (const run of eachRun(runs.list, { model }, PAGE)) {
    seen.push(run);
    const [newest] = datasetsOf(seen).filter(({ rows }) => rows !== null);
    if (newest !== undefined && isTrusted(newest)) return newest.dataset;
    if (seen.length >= MOST_RUNS) break;
  }
  const known = datasetsOf(seen);
  const found = known.find(isTrusted);
  if (found !== undefined) return found.dataset;
  throw nothingTrusted(model, known.find(({ rows }) => rows !== null) ?? null);
}

function nothingTrusted(model: string, suspect: KnownDataset | null): MlopsError {
  if (suspect === null) {
    return new MlopsError('DATASET_UNKNOWN', `There is no valid dataset for ${model} yet.`, {
      hint: 'Drop a CSV or JSON Lines file into its inbox first.',
    });
  }
  const { dataset, standing } = suspect;
  const why = reasons[standing] ?? 'is suspect';
  return new MlopsError(
    'DATASET_UNKNOWN',
    `The newest dataset of ${model}, ${dataset.fileName}, ${why}, and there is no other.`,
    {
      hint: `Drop a corrected file into its inbox. /mlops retrain ${model} dataset=${dataset.version} takes this one all the same.`,
    },
  );
}

const reasons: Readonly<Partial<Record<KnownDataset['standing'], string>>> = {
  blocked: 'was blocked by the gate',
  changed: 'differs too much from the data of production',
  stopped: 'was used by a run that somebody stopped',
  rolled_back: 'made a version that was rolled back',
};
