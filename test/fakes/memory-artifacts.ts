import type { ArtifactStore } from '../../pipeline/core/ports.ts';

/** Small artifacts in memory; a stream has no place here. */
export function createMemoryArtifacts(): Pick<ArtifactStore, 'get' | 'put' | 'list'> {
  const files = new Map<string, Uint8Array>();
  return {
    async get(key) {
      return files.get(key) ?? null;
    },
    async put(key, body) {
      files.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body);
    },
    async list(prefix) {
      return [...files.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
}
