import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../../pipeline/core/ports.ts';

export interface InMemoryArtifactStore extends ArtifactStore {
  /** A stored object as text. @throws when there is none */
  text(key: string): string;
}

export function createInMemoryArtifactStore(): InMemoryArtifactStore {
  const objects = new Map<string, Uint8Array>();

  function checkKey(key: string): string {
    const isPlain = key.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (isPlain && !/[\u0000-\u001f\u007f\\]/.test(key)) return key;
    throw new Error(`${JSON.stringify(key)} is not a valid artifact key.`);
  }

  return {
    async put(key, body) {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body.slice();
      objects.set(checkKey(key), bytes);
    },
    async get(key) {
      return objects.get(checkKey(key))?.slice() ?? null;
    },
    async sha256(key) {
      const bytes = objects.get(checkKey(key));
      return bytes === undefined ? null : createHash('sha256').update(bytes).digest('hex');
    },
    async putStream(key, body) {
      checkKey(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      objects.set(key, new Uint8Array(Buffer.concat(chunks)));
    },
    async list(prefix) {
      if (prefix !== '') checkKey(prefix.replace(/\/$/, ''));
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    text(key) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new Error(`Nothing is stored as ${key}.`);
      return new TextDecoder().decode(bytes);
    },
  };
}
