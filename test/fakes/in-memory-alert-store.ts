import { type Incident, isOpen } from '../../pipeline/core/alert/alert.ts';
import type { IncidentStore } from '../../pipeline/core/ports.ts';

export interface InMemoryIncidentStore extends IncidentStore {
  /** Runs once, right before the next write: another writer who is faster. */
  beforeNextWrite(interfere: () => Promise<void>): void;
}

export function createInMemoryIncidentStore(): InMemoryIncidentStore {
  const incidents = new Map<string, string>();
  let interference: (() => Promise<void>) | null = null;
  const parse = (document: string): Incident => JSON.parse(document);
  const all = () => [...incidents.values()].map(parse);

  async function letOthersWrite(): Promise<void> {
    const interfere = interference;
    interference = null;
    await interfere?.();
  }

  return {
    async create(incident) {
      await letOthersWrite();
      if (incidents.has(incident.id)) return false;
      incidents.set(incident.id, JSON.stringify(incident));
      return true;
    },
    async replace(incident) {
      await letOthersWrite();
      const stored = incidents.get(incident.id);
      if (stored === undefined || parse(stored).revision !== incident.revision - 1) return false;
      incidents.set(incident.id, JSON.stringify(incident));
      return true;
    },
    async get(id) {
      const document = incidents.get(id);
      return document === undefined ? null : parse(document);
    },
    async latest(model, kind) {
      const own = all().filter((each) => each.model === model && each.kind === kind);
      return own.sort((a, b) => b.number - a.number)[0] ?? null;
    },
    async list({ model, open, limit = 50 }) {
      return all()
        .filter((each) => each.opened !== null)
        .filter((each) => model === undefined || each.model === model)
        .filter((each) => open === undefined || isOpen(each) === open)
        .sort((a, b) => (b.opened?.by.at ?? '').localeCompare(a.opened?.by.at ?? ''))
        .slice(0, limit);
    },
    beforeNextWrite(interfere) {
      interference = interfere;
    },
  };
}
