import type { Executions } from '../../pipeline/core/ports.ts';

export interface FakeExecutions extends Executions {
  /** Started executions, each name once. */
  readonly started: readonly { readonly name: string; readonly input: unknown }[];
  /** Callbacks that were resumed while open. */
  readonly resumed: readonly { readonly callbackId: string; readonly payload: string }[];
  /** Makes a callback known; one that was never opened makes `succeedCallback` throw. */
  openCallback(callbackId: string): void;
}

export function createFakeExecutions(): FakeExecutions {
  const started: { name: string; input: unknown }[] = [];
  const resumed: { callbackId: string; payload: string }[] = [];
  const callbacks = new Map<string, 'open' | 'closed'>();
  return {
    started,
    resumed,
    openCallback(callbackId) {
      callbacks.set(callbackId, 'open');
    },
    async start({ name, input }) {
      const known = started.find((execution) => execution.name === name);
      if (known === undefined) started.push({ name, input });
      else if (JSON.stringify(known.input) !== JSON.stringify(input)) {
        throw new Error(`The execution ${name} was started before with another input.`);
      }
    },
    async isRunning(name) {
      return started.some((execution) => execution.name === name) ? true : null;
    },
    async succeedCallback(callbackId, payload) {
      const state = callbacks.get(callbackId);
      if (state === undefined) throw new Error(`The test opened no callback ${callbackId}.`);
      if (state === 'closed') return { accepted: false };
      callbacks.set(callbackId, 'closed');
      resumed.push({ callbackId, payload });
      return { accepted: true };
    },
  };
}
