import { CopyObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { MAX_DATASET_BYTES } from '../core/dataset-file.ts';
import { MlopsError } from '../core/errors.ts';
import { keys } from '../core/names.ts';
import type { Dataset } from '../core/run.ts';
import { isOneOf } from './aws-errors.ts';
import type { DroppedObject } from './dropped-object.ts';
import { digestStream, openObject } from './s3-object.ts';

export interface DatasetIntake {
  /**
   * Copies the dropped file to a key made of its content, which is never overwritten, and returns it
   * as a dataset. Idempotent. Null when the file was removed or replaced since (another event).
   * @throws {MlopsError} `DATASET_INVALID` for one that is too large.
   */
  take(dropped: DroppedObject): Promise<Dataset | null>;
}

/** {@link DatasetIntake}: reads the file once for its SHA-256; S3 copies it by itself (up to 5 GB). */
export function createDatasetIntake({
  client,
  bucket,
  maxBytes = MAX_DATASET_BYTES,
}: {
  readonly client: S3Client;
  /** Where datasets are kept. */
  readonly bucket: string;
  readonly maxBytes?: number;
}): DatasetIntake {
  async function digest(source: DroppedObject): Promise<{ sha256: string; bytes: number }> {
    const body = await openObject(client, {
      Bucket: source.bucket,
      Key: source.key,
      IfMatch: `"${source.etag}"`,
      ...(source.versionId === null ? {} : { VersionId: source.versionId }),
    });
    return digestStream(body);
  }

  return {
    async take(dropped) {
      if (dropped.bytes > maxBytes) {
        const limit = `${Math.round(maxBytes / 1024 ** 2)} MB`;
        throw new MlopsError('DATASET_INVALID', `The file is larger than ${limit}.`);
      }
      try {
        const { sha256, bytes } = await digest(dropped);
        const version = sha256.slice(0, 12);
        const key = keys.dataset(dropped.model, version, dropped.fileName);
        const path = dropped.key.split('/').map(encodeURIComponent).join('/');
        const source = `${dropped.bucket}/${path}`;
        await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: key,
            CopySource:
              dropped.versionId === null ? source : `${source}?versionId=${dropped.versionId}`,
            CopySourceIfMatch: `"${dropped.etag}"`,
          }),
        );
        return { key, fileName: dropped.fileName, version, bytes };
      } catch (error) {
        if (isOneOf(error, 'NoSuchKey', 'NoSuchVersion', 'PreconditionFailed')) return null;
        throw error;
      }
    },
  };
}
