import { describe, expect, it } from 'vitest';
import { sketchOf } from '../../pipeline/core/gate/held-out.ts';
import { countLook, emptyLedger, type GateLedger } from '../../pipeline/core/gate/ledger.ts';
import type { GateLedgers } from '../../pipeline/core/ports.ts';

const at = '2026-11-22T09:00:00.000Z';
const sketch = sketchOf(['a', 'b', 'c']);

function aLedger(runId = 'spam-aaaaaaaa', model = 'spam'): GateLedger {
  return countLook(emptyLedger(model), { runId, at, sketch }).ledger;
}

/** What every {@link GateLedgers} keeps; `make` returns an empty one. */
export function describeGateLedgers(name: string, make: () => Promise<GateLedgers>): void {
  describe(`GateLedgers: ${name}`, () => {
    it('returns a ledger as it was written, by model', async () => {
      const ledgers = await make();

      expect(await ledgers.get('spam')).toBeNull();
      expect(await ledgers.put(aLedger())).toBe(true);
      expect(await ledgers.get('spam')).toEqual(aLedger());
      expect(await ledgers.get('other')).toBeNull();
    });

    it('creates a ledger once', async () => {
      const ledgers = await make();
      await ledgers.put(aLedger());

      expect(await ledgers.put(aLedger('spam-bbbbbbbb'))).toBe(false);
      expect(await ledgers.get('spam')).toEqual(aLedger());
    });

    it('replaces only the revision before', async () => {
      const ledgers = await make();
      await ledgers.put(aLedger());
      const next = countLook(aLedger(), { runId: 'spam-bbbbbbbb', at, sketch }).ledger;

      expect(await ledgers.put({ ...next, revision: 3 })).toBe(false);
      expect(await ledgers.put(next)).toBe(true);
      expect(await ledgers.put(next)).toBe(false);
      expect(await ledgers.get('spam')).toEqual(next);
    });

    it('lets one of several concurrent writers win', async () => {
      const ledgers = await make();
      const runs = ['spam-aaaaaaaa', 'spam-bbbbbbbb', 'spam-cccccccc'];

      const written = await Promise.all(runs.map((runId) => ledgers.put(aLedger(runId))));

      expect(written.filter(Boolean)).toHaveLength(1);
    });
  });
}
