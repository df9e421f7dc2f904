import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { MlopsError } from '../../core/errors.ts';
import type { ArtifactStore } from '../../core/ports.ts';
import type { ModelArtifact } from '../../core/run.ts';
import { isOneOf } from '../aws-errors.ts';
import { digestStream, openObject } from '../s3-object.ts';

/** One file of an output archive; ours are a few MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface JobFiles {
  /** Key, digest and size of the archive; null when there is none. */
  digest(key: string): Promise<ModelArtifact | null>;
  /** One file of an `output.tar.gz`; null when the archive or the file is missing. */
  unpack(key: string, fileName: string): Promise<Uint8Array | null>;
}

interface KnownDigest {
  readonly sha256: string;
  readonly bytes: number;
  /** Changes with the content: the digest counts only for this one. */
  readonly etag: string;
}

/**
 * What training jobs leave in S3. SageMaker stores no SHA-256 with an archive, so it is computed
 * once from the bytes themselves and kept beside the archive together with its ETag; an archive
 * that was replaced since has another ETag and is read again.
 */
export function createJobFiles({
  client,
  bucket,
  artifacts,
}: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly artifacts: ArtifactStore;
}): JobFiles {
  async function head(key: string) {
    try {
      const { ETag, ContentLength } = await client.send(
        new HeadObjectCommand({ Bucket: bucket, Key: key }),
      );
      return { etag: ETag ?? '', bytes: ContentLength ?? 0 };
    } catch (error) {
      if (isOneOf(error, 'NotFound', 'NoSuchKey')) return null;
      throw error;
    }
  }

  return {
    async digest(key) {
      const found = await head(key);
      if (found === null) return null;
      const noteKey = `${key}.sha256.json`;
      const note = await unlessDenied(() => artifacts.get(noteKey));
      const known: KnownDigest | null = note && JSON.parse(new TextDecoder().decode(note));
      if (known?.etag === found.etag) return { key, sha256: known.sha256, bytes: known.bytes };
      const body = await openObject(client, { Bucket: bucket, Key: key, IfMatch: found.etag });
      const { sha256 } = await digestStream(body);
      const fresh: KnownDigest = { sha256, ...found };
      await unlessDenied(() => artifacts.put(noteKey, JSON.stringify(fresh)));
      return { key, sha256, bytes: found.bytes };
    },
    async unpack(key, fileName) {
      if ((await head(key)) === null) return null;
      return readEntry(await openObject(client, { Bucket: bucket, Key: key }), fileName);
    },
  };
}

/**
 * The note only saves work: a function without access to it computes the digest each time. S3 also
 * answers "access denied" for a missing key when the caller may not list the bucket.
 */
async function unlessDenied<T>(access: () => Promise<T>): Promise<T | null> {
  try {
    return await access();
  } catch (error) {
    if (isOneOf(error, 'AccessDenied')) return null;
    throw error;
  }
}

/** SageMaker packs the content of `/opt/ml/output/data`, older images the folder `data` itself. */
async function readEntry(archive: Readable, fileName: string): Promise<Uint8Array | null> {
  // Loaded on first use: most functions never open an archive.
  const { Parser } = await import('tar');
  const names = [fileName, `./${fileName}`, `data/${fileName}`, `./data/${fileName}`];
  let chunks: Buffer[] | null = null;
  let bytes = 0;
  let damage: string | null = null;
  const parser = new Parser({
    onwarn: (code, message) => {
      // Anything else is about an entry, and those of other names do not matter.
      if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ABORT') damage ??= String(message);
    },
    onReadEntry: (entry) => {
      if (chunks !== null || entry.type !== 'File' || !names.includes(entry.path)) {
        entry.resume();
        return;
      }
      const collected: Buffer[] = [];
      chunks = collected;
      entry.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes <= MAX_FILE_BYTES) collected.push(chunk);
      });
    },
  });
  try {
    await pipeline(archive, parser as unknown as NodeJS.WritableStream);
  } catch (error) {
    if (!isDamage(error)) throw error;
    damage = error.message;
  }
  if (damage !== null) {
    throw new MlopsError('CONTRACT_BROKEN', `The output of the job cannot be read: ${damage}`);
  }
  if (bytes > MAX_FILE_BYTES) {
    throw new MlopsError('CONTRACT_BROKEN', `${fileName} is larger than 64 MB.`);
  }
  return chunks === null ? null : new Uint8Array(Buffer.concat(chunks));
}

/** zlib's errors have codes such as `Z_BUF_ERROR`; others are the network's. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
