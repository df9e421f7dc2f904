import type { RunStore } from '../../pipeline/core/ports.ts';
import { deployedVersion, hasEnded, type Run } from '../../pipeline/core/run.ts';

export interface InMemoryRunStore extends RunStore {
  /** Runs once, right before the next write: another writer who is faster. */
  beforeNextWrite(interfere: () => Promise<void>): void;
}

export function createInMemoryRunStore(): InMemoryRunStore {
  const runs = new Map<string, string>();
  let interference: (() => Promise<void>) | null = null;

  async function letOthersWrite(): Promise<void> {
    const interfere = interference;
    interference = null;
    await interfere?.();
  }

  const parse = (document: string): Run => JSON.parse(document);

  return {
    async create(run) {
      await letOthersWrite();
      if (runs.has(run.id)) return false;
      runs.set(run.id, JSON.stringify(run));
      return true;
    },
    async get(id) {
      const document = runs.get(id);
      return document === undefined ? null : parse(document);
    },
    async replace(run) {
      await letOthersWrite();
      const stored = runs.get(run.id);
      if (stored === undefined || parse(stored).revision !== run.revision - 1) return false;
      runs.set(run.id, JSON.stringify(run));
      return true;
    },
    async list({ model, ended, deployed, limit = 50 }) {
      return [...runs.values()]
        .map(parse)
        .reverse()
        .filter((run) => model === undefined || run.model === model)
        .filter((run) => ended === undefined || hasEnded(run) === ended)
        .filter((run) => deployed === undefined || deployedVersion(run) !== null)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
        .slice(0, limit);
    },
    beforeNextWrite(interfere) {
      interference = interfere;
    },
  };
}
