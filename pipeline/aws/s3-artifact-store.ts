import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { MlopsError } from '../core/errors.ts';
import type { ArtifactStore } from '../core/ports.ts';
import { isOneOf } from './aws-errors.ts';
import { digestStream, openObject } from './s3-object.ts';

/** S3's limit for a key, in bytes. */
const MAX_KEY_BYTES = 1024;

/**
 * {@link ArtifactStore} in one S3 bucket. S3 is strongly consistent; an object appears when all of
 * it has arrived, and a stream that breaks off leaves nothing. Every method throws on a key that is
 * not a plain relative path, although S3 itself would take it.
 */
export function createS3ArtifactStore({
  client,
  bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): ArtifactStore {
  return {
    async put(key, body) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: checkObjectKey(key), Body: body }),
      );
    },
    async get(key) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: checkKey(key) }),
        );
        return Body === undefined ? null : await Body.transformToByteArray();
      } catch (error) {
        if (isOneOf(error, 'NoSuchKey')) return null;
        throw error;
      }
    },
    async sha256(key) {
      try {
        const body = await openObject(client, { Bucket: bucket, Key: checkKey(key) });
        return (await digestStream(body)).sha256;
      } catch (error) {
        if (isOneOf(error, 'NoSuchKey')) return null;
        throw error;
      }
    },
    async putStream(key, body) {
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key: checkObjectKey(key), Body: Readable.from(body) },
        leavePartsOnError: false,
      });
      await upload.done();
    },
    async list(prefix) {
      if (prefix !== '') checkKey(prefix);
      const keys: string[] = [];
      let from: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: from }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        from = page.NextContinuationToken;
      } while (from !== undefined);
      // A key that ends in `/` is the console's "folder", not a file.
      return keys.filter((key) => !key.endsWith('/')).sort();
    },
  };
}

/** `s3://bucket/key`, as SageMaker wants it. */
export function s3Uri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

function checkObjectKey(key: string): string {
  if (key.endsWith('/')) throw invalidKey(key);
  return checkKey(key);
}

function checkKey(key: string): string {
  const names = (key.endsWith('/') ? key.slice(0, -1) : key).split('/');
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const isPrintable = !/[\u0000-\u001f\u007f\\]/.test(key);
  if (isPlain && isPrintable && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw invalidKey(key);
}

function invalidKey(key: string): MlopsError {
  return new MlopsError('UNEXPECTED', `${JSON.stringify(key)} is not a valid artifact key.`);
}
