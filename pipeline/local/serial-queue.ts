import type { Log } from './log.ts';

export interface SerialQueue {
  /**
   * Runs `work` after everything added before under the same key. Work that waits is replaced by
   * newer work of its key: a change only says "look again", and one look sees everything.
   */
  add(key: string, work: () => Promise<void>): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

export function createSerialQueue({ log }: { log: Log }): SerialQueue {
  const waiting = new Map<string, () => Promise<void>>();
  const running = new Map<string, Promise<void>>();

  async function drain(key: string): Promise<void> {
    for (let work = waiting.get(key); work !== undefined; work = waiting.get(key)) {
      waiting.delete(key);
      try {
        await work();
      } catch (error) {
        log({ message: 'A change could not be handled.', about: key, error });
      }
    }
    running.delete(key);
  }

  return {
    add(key, work) {
      waiting.set(key, work);
      if (!running.has(key))
        running.set(
          key,
          Promise.resolve().then(() => drain(key)),
        );
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
