import { describe, expect, it } from 'vitest';
import type { Wakeups } from '../../pipeline/core/ports.ts';

/** What every {@link Wakeups} keeps; `make` returns an empty one. */
export function describeWakeups(name: string, make: () => Promise<Wakeups>): void {
  describe(`Wakeups: ${name}`, () => {
    it('knows no callback of a run that was never parked', async () => {
      const wakeups = await make();

      expect(await wakeups.parked('spam-aaaaaaaa')).toBeNull();
    });

    it('remembers the latest callback of each run', async () => {
      const wakeups = await make();

      await wakeups.park('spam-aaaaaaaa', 'callback-1');
      await wakeups.park('spam-bbbbbbbb', 'callback-2');
      await wakeups.park('spam-aaaaaaaa', 'callback-3');

      expect(await wakeups.parked('spam-aaaaaaaa')).toBe('callback-3');
      expect(await wakeups.parked('spam-bbbbbbbb')).toBe('callback-2');
    });
  });
}
