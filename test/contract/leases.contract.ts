import { describe, expect, it } from 'vitest';
import type { Leases, RunStore } from '../../pipeline/core/ports.ts';
import { aRun } from '../fakes/samples.ts';

/** What every {@link Leases} keeps; `make` returns empty ones, and the runs they look at. */
export function describeLeases(
  name: string,
  make: () => Promise<{ leases: Leases; runs: RunStore }>,
): void {
  async function makeWithRuns() {
    const { leases, runs } = await make();
    await runs.create(aRun({ id: 'first' }));
    await runs.create(aRun({ id: 'second' }));
    return { leases, runs };
  }

  describe(`Leases: ${name}`, () => {
    it('gives a free lease to the run that asks, and keeps it', async () => {
      const { leases } = await makeWithRuns();

      expect(await leases.acquire('spam', 'first')).toBe('first');
      expect(await leases.acquire('spam', 'first')).toBe('first');
      expect(await leases.acquire('spam', 'second')).toBe('first');
    });

    it('keeps one lease per model', async () => {
      const { leases } = await makeWithRuns();
      await leases.acquire('spam', 'first');

      expect(await leases.acquire('other', 'second')).toBe('second');
    });

    it('is free again after its holder let go', async () => {
      const { leases } = await makeWithRuns();
      await leases.acquire('spam', 'first');

      await leases.release('spam', 'first');

      expect(await leases.acquire('spam', 'second')).toBe('second');
    });

    it('is not let go by anyone else', async () => {
      const { leases } = await makeWithRuns();
      await leases.acquire('spam', 'first');

      await leases.release('spam', 'second');

      expect(await leases.acquire('spam', 'second')).toBe('first');
    });

    it('passes on when its holder has ended without letting go', async () => {
      const { leases, runs } = await makeWithRuns();
      await leases.acquire('spam', 'first');

      await runs.replace(aRun({ id: 'first', revision: 2, outcome: 'failed' }));

      expect(await leases.acquire('spam', 'second')).toBe('second');
    });

    it('passes on when its holder is unknown', async () => {
      const { leases } = await makeWithRuns();
      await leases.acquire('spam', 'a-run-that-is-gone');

      expect(await leases.acquire('spam', 'second')).toBe('second');
    });

    it('has one holder when many ask at once', async () => {
      const { leases, runs } = await makeWithRuns();
      const ids = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      for (const id of ids) await runs.create(aRun({ id }));

      const answers = await Promise.all(ids.map((id) => leases.acquire('spam', id)));

      expect(new Set(answers).size).toBe(1);
    });
  });
}
