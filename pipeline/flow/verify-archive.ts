import { MlopsError } from '../core/errors.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import type { RunKind } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Reads the archive of a version once more: people approved these bytes, and anyone with write
 * access to the store could have changed them since.
 *
 * @throws {MlopsError} `ARCHIVE_CHANGED` when they differ from the registered ones or are missing.
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
      ? `The archive of version ${version} is missing.`
      : `The archive of version ${version} is not the one that was registered: its SHA-256 is ${short(sha256)} instead of ${short(artifact.sha256)}.`,
    {
      hint:
        kind === 'rollback'
          ? `Production is unchanged. /mlops versions ${model} lists the other versions.`
          : `Production is unchanged. Find out what changed ${artifact.key}; /mlops retrain ${model} trains a new version.`,
    },
  );
}
