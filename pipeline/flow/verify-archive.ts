import { MlopsError } from '../core/errors.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import type { RunKind } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Reads the archive of a version once more: people approved these bytes, and whoever may write into
 * the store could have changed them since.
 *
 * @throws {MlopsError} `ARCHIVE_CHANGED` when they are others than the registered ones, or gone.
 */
export async function verifyArchive(
  { artifacts }: Pick<FlowDeps, 'artifacts'>,
  { model, version, artifact }: RegisteredVersion,
  kind: RunKind,
): Promise<void> {
  const sha256 = await artifacts.sha256(artifact.key);
  if (sha256 === artifact.sha256) return;
  const short = (digest: string) => `${digest.slice(0, 12)}…`;
  throw new MlopsError(
    'ARCHIVE_CHANGED',
    sha256 === null
      ? `The archive of version ${version} is gone.`
      : `The archive of version ${version} is not the one that was registered: its SHA-256 is ${short(sha256)}, it was ${short(artifact.sha256)}.`,
    {
      hint:
        kind === 'rollback'
          ? `Production is as it was. \`/mlops versions ${model}\` lists what else there is to go back to.`
          : `Production is as it was. Find out what happened to ${artifact.key}; \`/mlops retrain ${model}\` makes a new version.`,
    },
  );
}
