import type { Stats } from 'node:fs';
import { choiceOfFolders, refuseFileName } from '../core/dataset-file.ts';
import { MlopsError } from '../core/errors.ts';

/** Why a file at this place in the folder is refused, as a sentence; null when it is accepted. */
export function refuseFile(
  parts: readonly string[],
  model: string | null,
  stats: Stats,
  models: readonly string[],
  maxBytes: number,
): string | null {
  if (model === null) {
    return `Put the file into the folder of its model: ${models.join(', ')}.`;
  }
  if (choiceOfFolders(parts.slice(1, -1)) === null) {
    return `Put the file directly into the folder ${model}, or into ${model}/append or ${model}/replace.`;
  }
  if (stats.isSymbolicLink()) return 'Links are not accepted; copy the file itself.';
  if (!stats.isFile()) return 'Only plain files are accepted.';
  if (stats.size === 0) return 'The file is empty.';
  if (stats.size > maxBytes) return tooLarge(maxBytes);
  return refuseFileName(parts.at(-1) ?? '');
}

/** @throws {MlopsError} `DATASET_INVALID` for none, or too many. */
export async function* limitBytes(body: AsyncIterable<Uint8Array>, maxBytes: number) {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new MlopsError('DATASET_INVALID', tooLarge(maxBytes));
    yield chunk;
  }
  if (bytes === 0) throw new MlopsError('DATASET_INVALID', 'The file is empty.');
}

function tooLarge(maxBytes: number): string {
  return `The file is larger than ${Math.round(maxBytes / 1024 ** 2)} MB.`;
}
