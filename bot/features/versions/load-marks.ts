import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import { markOf, type VersionMark } from '../../../pipeline/core/rollback/version-mark.ts';

/** Marks by version. */
export type Marks = ReadonlyMap<number, VersionMark>;

type Source = Pick<Pipeline, 'getRun'>;

/** Who took each of the versions out of production and why, where somebody did. */
export async function loadMarks(
  pipeline: Source,
  versions: readonly RegisteredVersion[],
): Promise<Marks> {
  const marks = await Promise.all(versions.map((each) => loadMark(pipeline, each)));
  return new Map(marks.flatMap((mark) => (mark === null ? [] : [[mark.version, mark]])));
}

export async function loadMark(
  pipeline: Source,
  { rolledBackBy }: RegisteredVersion,
): Promise<VersionMark | null> {
  const run = rolledBackBy === null ? null : await pipeline.getRun(rolledBackBy);
  return run && markOf(run);
}
