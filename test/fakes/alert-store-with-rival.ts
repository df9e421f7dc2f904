import type { AlertStore } from '../../pipeline/core/ports.ts';

export interface AlertStoreWithRival extends AlertStore {
  /** Runs once, right before the next write: another writer who is faster. */
  beforeNextWrite(interfere: () => Promise<unknown>): void;
}

/** Lets a test be first with a write to the store. */
export function withRival(store: AlertStore): AlertStoreWithRival {
  let interference: (() => Promise<unknown>) | null = null;
  async function letRivalWrite(): Promise<void> {
    const interfere = interference;
    interference = null;
    await interfere?.();
  }
  return {
    ...store,
    async create(alert) {
      await letRivalWrite();
      return store.create(alert);
    },
    async replace(alert) {
      await letRivalWrite();
      return store.replace(alert);
    },
    beforeNextWrite(interfere) {
      interference = interfere;
    },
  };
}
