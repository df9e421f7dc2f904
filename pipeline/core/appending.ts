import type { Dataset, DatasetFile, LeftOutFile } from './dataset.ts';
import { datasetsOf, isTrusted, type KnownDataset } from './dataset-standing.ts';
import { hasEnded, type Run } from './run.ts';

/** A record has room for so many beside everything else. */
export const MOST_FILES = 30;

/** The files of a dataset, oldest first. */
export function filesOf(dataset: Dataset): readonly DatasetFile[] {
  return dataset.files ?? [dataset];
}

/** The version in production and the data it was trained on. */
export interface ProductionData {
  readonly version: number;
  readonly runId: string;
  readonly dataset: Dataset;
}

/**
 * The files that a new one is appended to, oldest first: those of the version in production, then what
 * later runs appended to them, as long as nothing is wrong with it. Where nothing is live, those of the
 * newest dataset that a retrain would take. `older`: runs of the model that were created before, newest
 * first.
 */
export function filesToAppendTo(
  older: readonly Run[],
  production: ProductionData | null,
): { readonly files: readonly DatasetFile[]; readonly leftOut: readonly LeftOutFile[] } {
  const known = new Map(datasetsOf(older).map((each) => [each.dataset.version, each]));
  const first = production?.dataset ?? newestUsable(older, known);
  const files = new Map((first === null ? [] : filesOf(first)).map((file) => [file.version, file]));
  const leftOut = new Map<string, LeftOutFile>();
  for (const run of runsSince(older, production).toReversed()) {
    if (run.dataset === null || !isAppended(run)) continue;
    const about = known.get(run.dataset.version);
    for (const file of filesOf(run.dataset)) {
      const { fileName, version } = file;
      if (isUsable(run, about)) files.set(version, files.get(version) ?? file);
      else leftOut.set(version, { fileName, version, standing: about?.standing ?? 'untested' });
    }
  }
  return {
    files: [...files.values()],
    leftOut: [...leftOut.values()].filter(({ version }) => !files.has(version)),
  };
}

/** Those after the one that made the version in production. */
function runsSince(older: readonly Run[], production: ProductionData | null): readonly Run[] {
  const at = older.findIndex(({ id }) => id === production?.runId);
  return at < 0 ? older : older.slice(0, at);
}

/** Whether its file was appended, or will be once the run comes to it. */
function isAppended({ kind, dataset, appends, appending }: Run): boolean {
  if (kind !== 'retrain') return false;
  return dataset?.files !== undefined || (appends === true && appending === undefined);
}

function newestUsable(
  older: readonly Run[],
  known: ReadonlyMap<string, KnownDataset>,
): Dataset | null {
  const found = older.find(
    (run) => run.dataset !== null && isUsable(run, known.get(run.dataset.version)),
  );
  return found?.dataset ?? null;
}

/** A run that has not come to its data yet may still use it: two files are often dropped together. */
function isUsable(run: Run, known: KnownDataset | undefined): boolean {
  if (known === undefined) return false;
  const isPending = known.standing === 'untested' && known.rows === null && !hasEnded(run);
  return isTrusted(known) || isPending;
}
