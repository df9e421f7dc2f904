import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../../../pipeline/core/ports.ts';

/** {@link ArtifactStore} in memory: real files would answer in an order of their own. */
export function createMemoryArtifacts(): ArtifactStore {
  const objects = new Map<string, Uint8Array>();
  return {
    async put(key, body) {
      objects.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body);
    },
    get: async (key) => objects.get(key) ?? null,
    async sha256(key) {
      const bytes = objects.get(key);
      return bytes === undefined ? null : createHash('sha256').update(bytes).digest('hex');
    },
    async putStream(key, body) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      objects.set(key, Buffer.concat(chunks));
    },
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}
