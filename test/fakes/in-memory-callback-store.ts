import type { CallbackStore } from '../../pipeline/core/ports.ts';

export function createInMemoryCallbackStore(): CallbackStore {
  const callbacks = new Map<string, string>();
  return {
    async park(runId, callbackId) {
      callbacks.set(runId, callbackId);
    },
    async parked(runId) {
      return callbacks.get(runId) ?? null;
    },
  };
}
