import { describe, expect, it } from 'vitest';
import type { CallbackStore } from '../../pipeline/core/ports.ts';

/** What every {@link CallbackStore} keeps; `make` returns an empty one. */
export function describeCallbackStore(name: string, make: () => Promise<CallbackStore>): void {
  describe(`CallbackStore: ${name}`, () => {
    it('knows no callback of a run that was never parked', async () => {
      const callbacks = await make();

      expect(await callbacks.parked('spam-aaaaaaaa')).toBeNull();
    });

    it('remembers the latest callback of each run', async () => {
      const callbacks = await make();

      await callbacks.park('spam-aaaaaaaa', 'callback-1');
      await callbacks.park('spam-bbbbbbbb', 'callback-2');
      await callbacks.park('spam-aaaaaaaa', 'callback-3');

      expect(await callbacks.parked('spam-aaaaaaaa')).toBe('callback-3');
      expect(await callbacks.parked('spam-bbbbbbbb')).toBe('callback-2');
    });
  });
}
