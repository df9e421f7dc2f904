import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MlopsError } from '../core/errors.ts';
import type { ArtifactStore } from '../core/ports.ts';
import { entriesUnder, isAbsent } from './folders.ts';

/** Holds files while they are written; keys cannot name it. */
const INCOMING = '.incoming';
/** S3's limit for a key, and the usual limit of a file system for a name, in bytes. */
const MAX_KEY_BYTES = 1024;
const MAX_NAME_BYTES = 255;

export interface DigestedArtifact {
  readonly key: string;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface FolderArtifactStore extends ArtifactStore {
  /** Where the key's file, or the prefix's folder, is or would be; for the local adapters. */
  path(key: string): string;
  /** As `putStream`, under the key that `toKey` makes of the content. */
  putDigested(
    body: AsyncIterable<Uint8Array>,
    toKey: (sha256: string) => string,
  ): Promise<DigestedArtifact>;
  /** As `putStream`, of a finished file that nothing else needs: it is moved, or else copied. */
  take(key: string, path: string): Promise<void>;
  /** Removes what a killed process was writing; call it before the first write. */
  recover(): Promise<void>;
}

/**
 * {@link ArtifactStore} in a folder: a key is a path under `root`. A file appears under its name
 * only when all of it is on disk. Every method throws on a key that is not a plain relative path.
 */
export function createFolderArtifactStore(options: { root: string }): FolderArtifactStore {
  const root = resolve(options.root);
  const toPath = (key: string) => join(root, ...checkKey(key).split('/'));

  /** Writes to a temporary file first, so that `toKey` gets the digest of the content. */
  async function putDigested(
    body: AsyncIterable<Uint8Array>,
    toKey: (sha256: string) => string,
  ): Promise<DigestedArtifact> {
    heedErrors(body);
    const incoming = join(root, INCOMING, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    await mkdir(dirname(incoming), { recursive: true });
    try {
      const file = await open(incoming, 'wx');
      try {
        for await (const chunk of body) {
          hash.update(chunk);
          bytes += chunk.length;
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const sha256 = hash.digest('hex');
      const key = toKey(sha256);
      const path = toPath(key);
      await mkdir(dirname(path), { recursive: true });
      await rename(incoming, path);
      await sync(dirname(path));
      return { key, sha256, bytes };
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
  }

  async function putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    heedErrors(body);
    checkFileKey(key);
    await putDigested(body, () => key);
  }

  async function take(key: string, path: string): Promise<void> {
    const target = toPath(checkFileKey(key));
    await sync(path);
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(path, target);
    } catch (error) {
      if (!isOnOtherDisk(error)) throw error;
      return putStream(key, createReadStream(path));
    }
    await sync(dirname(target));
  }

  return {
    path: toPath,
    async put(key, body) {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      await putStream(key, once(bytes));
    },
    async get(key) {
      const path = toPath(key);
      try {
        return new Uint8Array(await readFile(path));
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    async sha256(key) {
      const path = toPath(key);
      const hash = createHash('sha256');
      try {
        for await (const chunk of createReadStream(path)) hash.update(chunk);
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
      return hash.digest('hex');
    },
    putStream,
    putDigested,
    take,
    async list(prefix) {
      const folderKey = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (prefix !== '') checkKey(prefix);
      const folder = folderKey === '' ? root : toPath(folderKey);
      // Links are not followed and not listed.
      const files = (await entriesUnder(folder)).filter((entry) => entry.isFile);
      return files
        .map((file) => `${folderKey}${file.path}`)
        .filter((key) => key.startsWith(prefix) && !key.startsWith(`${INCOMING}/`));
    },
    async recover() {
      await rm(join(root, INCOMING), { recursive: true, force: true });
    },
  };
}

function checkKey(key: string): string {
  const names = (key.endsWith('/') ? key.slice(0, -1) : key).split('/');
  const isPlain = names.every(
    (name) => name !== '' && name !== '.' && name !== '..' && byteLength(name) <= MAX_NAME_BYTES,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const isPrintable = !/[\u0000-\u001f\u007f\\]/.test(key);
  if (isPlain && isPrintable && names[0] !== INCOMING && byteLength(key) <= MAX_KEY_BYTES) {
    return key;
  }
  throw invalidKey(key);
}

function checkFileKey(key: string): string {
  if (key.endsWith('/')) throw invalidKey(key);
  return checkKey(key);
}

function invalidKey(key: string): MlopsError {
  return new MlopsError('UNEXPECTED', `${JSON.stringify(key)} is not a valid artifact key.`);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * A stream that fails before it is read, such as one of a file that cannot be opened, would end the
 * process. Reading it throws the same error again.
 */
function heedErrors(body: AsyncIterable<Uint8Array>): void {
  if (body instanceof EventEmitter) body.on('error', () => {});
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Makes the content of a file, or a rename in a folder, survive a power cut. */
async function sync(path: string): Promise<void> {
  const opened = await open(path, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** The work folder or the artifacts may be a link to another disk. */
function isOnOtherDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EXDEV';
}
