import {
  compareVersions,
  type MadeVersion,
  type VersionDiff,
} from '../../../pipeline/core/compare-versions.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { loadMark } from './load-marks.ts';

type Source = Pick<Pipeline, 'getVersion' | 'listVersions' | 'getRun'>;

/** Compares two versions of a model. @throws {MlopsError} `VERSION_UNKNOWN`. */
export async function loadDiff(
  pipeline: Source,
  model: string,
  versions: { readonly from: number; readonly to: number },
): Promise<VersionDiff> {
  const made = async (wanted: number): Promise<MadeVersion> => {
    const version = await pipeline.getVersion(model, wanted);
    if (version === null) {
      throw unknownVersion(model, wanted, await pipeline.listVersions(model, { limit: 10 }));
    }
    const [run, mark] = await Promise.all([
      pipeline.getRun(version.runId),
      loadMark(pipeline, version),
    ]);
    return { version, run, mark };
  };
  const [from, to] = await Promise.all([made(versions.from), made(versions.to)]);
  return compareVersions(from, to);
}

/** What a promotion would change; null when there is nothing left to compare with. */
export async function promotionDiff(pipeline: Source, run: Run): Promise<VersionDiff | null> {
  if (run.kind !== 'promote' || run.version === null || run.evaluatedAgainst === null) return null;
  try {
    return await loadDiff(pipeline, run.model, { from: run.evaluatedAgainst, to: run.version });
  } catch (error) {
    if (error instanceof MlopsError) return null;
    throw error;
  }
}

function unknownVersion(model: string, wanted: number, all: readonly RegisteredVersion[]) {
  const known = all.map(({ version }) => `v${version}`);
  return new MlopsError('VERSION_UNKNOWN', `${model} has no version ${wanted}.`, {
    hint: known.length === 0 ? 'No version is registered yet.' : `It has: ${known.join(', ')}.`,
  });
}
