import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { MlopsError } from '../../core/errors.ts';

/** The disk of a serverless endpoint, in bytes (SageMaker guide, serverless-endpoints). */
const MAX_MODEL_BYTES = 5 * 1024 ** 3;

/** Begins the name of a folder into which a model is being extracted. */
const INCOMING = '.incoming-';

/**
 * The folder with the files of a model archive, named by the archive's digest: extracted once and
 * complete from the moment it exists. Takes plain files and folders only.
 * @throws {MlopsError} `DEPLOYMENT_FAILED` for a broken archive, a link, a path that leads out.
 */
export async function extractModel(options: {
  archive: string;
  sha256: string;
  modelsFolder: string;
}): Promise<string> {
  const { archive, sha256, modelsFolder } = options;
  const target = join(modelsFolder, sha256);
  if (existsSync(target)) return target;

  const incoming = join(modelsFolder, `${INCOMING}${randomUUID()}`);
  await mkdir(incoming, { recursive: true });
  let bytes = 0;
  let odd: string | null = null;
  try {
    await extract({
      file: archive,
      cwd: incoming,
      // Anything unusual, such as an absolute path, ends the extraction.
      strict: true,
      filter(path, entry) {
        const isPlain = 'type' in entry && /^(OldFile|File|Directory)$/.test(entry.type);
        if (!isPlain || path.split('/').includes('..')) odd ??= path;
        bytes += entry.size;
        return odd === null && bytes <= MAX_MODEL_BYTES;
      },
    });
    if (odd !== null)
      throw unusable(`The model archive contains “${odd}”, which is not a plain file.`);
    if (bytes > MAX_MODEL_BYTES) throw unusable('The model archive contains more than 5 GB.');
    await rename(incoming, target);
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    if (error instanceof MlopsError) throw error;
    // Another deployment of the same archive may have been faster.
    if (existsSync(target)) return target;
    throw unusable('The model archive could not be opened.', error);
  }
  return target;
}

/** Removes what a killed process was extracting; call it before the first extraction. */
export async function removeIncoming(modelsFolder: string): Promise<void> {
  const names = await readdir(modelsFolder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(INCOMING))) {
    await rm(join(modelsFolder, name), { recursive: true, force: true });
  }
}

export function unusable(message: string, cause?: unknown): MlopsError {
  return new MlopsError('DEPLOYMENT_FAILED', message, {
    hint: 'Train the model again to get a new archive.',
    cause,
  });
}
