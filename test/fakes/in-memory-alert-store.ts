import { type Alert, isOpen } from '../../pipeline/core/alert/alert.ts';
import type { AlertStore } from '../../pipeline/core/ports.ts';

export interface InMemoryAlertStore extends AlertStore {
  /** Runs once, right before the next write: another writer who is faster. */
  beforeNextWrite(interfere: () => Promise<void>): void;
}

export function createInMemoryAlertStore(): InMemoryAlertStore {
  const alerts = new Map<string, string>();
  let interference: (() => Promise<void>) | null = null;
  const parse = (document: string): Alert => JSON.parse(document);
  const all = () => [...alerts.values()].map(parse);

  async function letOthersWrite(): Promise<void> {
    const interfere = interference;
    interference = null;
    await interfere?.();
  }

  return {
    async create(alert) {
      await letOthersWrite();
      if (alerts.has(alert.id)) return false;
      alerts.set(alert.id, JSON.stringify(alert));
      return true;
    },
    async replace(alert) {
      await letOthersWrite();
      const stored = alerts.get(alert.id);
      if (stored === undefined || parse(stored).revision !== alert.revision - 1) return false;
      alerts.set(alert.id, JSON.stringify(alert));
      return true;
    },
    async get(id) {
      const document = alerts.get(id);
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
