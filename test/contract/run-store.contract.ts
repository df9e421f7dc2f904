import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunStore } from '../../pipeline/core/ports.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';

/** What every {@link RunStore} keeps; `make` returns an empty one. */
export function describeRunStore(name: string, make: () => Promise<RunStore>): void {
  describe(`RunStore: ${name}`, () => {
    it('returns a run as it was created', async () => {
      const runs = await make();
      const run = aRun({ reason: 'more rows ✓' });

      const created = await runs.create(run);

      expect(created).toBe(true);
      expect(await runs.get(run.id)).toEqual(run);
    });

    it('knows nothing of a run that was never created', async () => {
      const runs = await make();

      expect(await runs.get('spam-zzzzzzzz')).toBeNull();
      expect(await runs.replace(aRun({ revision: 2 }))).toBe(false);
      expect(await runs.list({})).toEqual([]);
    });

    it('creates a run once', async () => {
      const runs = await make();
      await runs.create(aRun({ reason: 'first' }));

      const createdAgain = await runs.create(aRun({ reason: 'second' }));

      expect(createdAgain).toBe(false);
      expect((await runs.get(aRun().id))?.reason).toBe('first');
    });

    it.each([
      ['the same', 1],
      ['the one after next', 3],
      ['an older', 0],
    ])('refuses to replace a run with %s revision', async (_, revision) => {
      const runs = await make();
      const run = aRun();
      await runs.create(run);

      const replaced = await runs.replace({ ...run, revision, reason: 'changed' });

      expect(replaced).toBe(false);
      expect(await runs.get(run.id)).toEqual(run);
    });

    it('replaces a run with its next revision', async () => {
      const runs = await make();
      const run = aRun();
      await runs.create(run);
      const next: Run = { ...run, revision: 2, outcome: 'stopped', endedAt: run.createdAt };

      const replaced = await runs.replace(next);

      expect(replaced).toBe(true);
      expect(await runs.get(run.id)).toEqual(next);
    });

    it('lists the newest first and no more than asked for', async () => {
      const runs = await make();
      for (const day of [12, 14, 13]) {
        const createdAt = `2026-11-${day}T00:00:00.000Z`;
        await runs.create(aRun({ id: `spam-${day}`, createdAt }));
      }

      expect((await runs.list({})).map((run) => run.id)).toEqual(['spam-14', 'spam-13', 'spam-12']);
      expect((await runs.list({ limit: 1 })).map((run) => run.id)).toEqual(['spam-14']);
    });

    it.each([
      [{ model: 'spam' }, ['active', 'deployed', 'failed', 'reverted', 'verifying', 'watched']],
      [{ model: 'other' }, ['other']],
      [{ ended: false }, ['active', 'other', 'verifying', 'watched']],
      [{ ended: true }, ['deployed', 'failed', 'reverted']],
      [{ deployed: true as const }, ['deployed', 'watched']],
      [{ model: 'spam', ended: true, deployed: true as const }, ['deployed']],
      [{ model: 'nothing' }, []],
    ])('filters by %j', async (query, expected) => {
      const runs = await make();
      const endedAt = '2026-11-22T10:00:00.000Z';
      await runs.create(aRun({ id: 'active' }));
      await runs.create(aRun({ id: 'other', model: 'other' }));
      await runs.create(aRun({ id: 'failed', outcome: 'failed', endedAt }));
      await runs.create(aRun({ id: 'verifying', deployment: aDeployment({ verifiedAt: null }) }));
      const deployment = aDeployment();
      await runs.create(aRun({ id: 'watched', deployment }));
      await runs.create(aRun({ id: 'deployed' }));
      const deployed = { outcome: 'deployed', endedAt, deployment } as const;
      await runs.replace(aRun({ id: 'deployed', revision: 2, ...deployed }));
      await runs.create(aRun({ id: 'reverted', deployment }));
      const putBack = aDeployment({ revertedAt: endedAt });
      const reverted = { outcome: 'failed', endedAt, deployment: putBack } as const;
      await runs.replace(aRun({ id: 'reverted', revision: 2, ...reverted }));

      const found = await runs.list(query);

      expect(found.map((run) => run.id).sort()).toEqual(expected);
    });

    it('goes on behind the last run of a page until all were given out once, newest first', async () => {
      const runs = await make();
      const endedAt = '2026-11-22T10:00:00.000Z';
      const ids = Array.from({ length: 9 }, (_, index) => `spam-${index}`);
      for (const [index, id] of ids.entries()) {
        // Three at a time are created in the same instant.
        const createdAt = `2026-11-1${Math.floor(index / 3)}T00:00:00.000Z`;
        const ended = index % 2 === 0 ? ({ outcome: 'failed', endedAt } as const) : {};
        await runs.create(aRun({ id, createdAt, ...ended }));
      }

      const pages: string[][] = [];
      for (let last: Run | undefined; pages.at(-1)?.length !== 0; ) {
        const page = await runs.list({ limit: 2, ...(last === undefined ? {} : { after: last }) });
        pages.push(page.map(({ id }) => id));
        last = page.at(-1);
      }

      expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 2, 1, 0]);
      expect(pages.flat()).toEqual(ids.toReversed());
    });

    it.each([
      [{ createdFrom: '2026-11-02T00:00:00.000Z' }, ['4', '3', '2']],
      [{ createdBefore: '2026-11-03T00:00:00.000Z' }, ['2', '1']],
      [
        { createdFrom: '2026-11-02T00:00:00.000Z', createdBefore: '2026-11-04T00:00:00.000Z' },
        ['3', '2'],
      ],
      [{ model: 'spam', ended: false, createdFrom: '2026-11-04T00:00:00.000Z' }, ['4']],
      [{ after: { id: '3', createdAt: '2026-11-03T00:00:00.000Z' } }, ['2', '1']],
      [
        {
          after: { id: '3', createdAt: '2026-11-03T00:00:00.000Z' },
          createdFrom: '2026-11-02T00:00:00.000Z',
          limit: 1,
        },
        ['2'],
      ],
    ])('lists what was created in %j', async (query, expected) => {
      const runs = await make();
      for (const id of ['1', '2', '3', '4']) {
        await runs.create(aRun({ id, createdAt: `2026-11-0${id}T00:00:00.000Z` }));
      }

      expect((await runs.list(query)).map(({ id }) => id)).toEqual(expected);
    });

    it('loses no change of concurrent writers that retry on the latest revision', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
          fc.scheduler(),
          async (changesPerWriter, scheduler) => {
            const runs = await make();
            const id = 'spam-aaaaaaaa';
            await runs.create(aRun({ id, reason: '' }));
            const write = async (label: string) => {
              for (;;) {
                const run = await scheduler.schedule(runs.get(id));
                if (run === null) throw new Error('The run disappeared.');
                const next = {
                  ...run,
                  revision: run.revision + 1,
                  reason: `${run.reason}${label}`,
                };
                if (await scheduler.schedule(runs.replace(next))) return;
              }
            };

            const writers = changesPerWriter.map(async (changes, writer) => {
              for (let change = 0; change < changes; change += 1) await write(`${writer}`);
            });
            await scheduler.waitFor(Promise.all(writers));

            const total = changesPerWriter.reduce((sum, changes) => sum + changes, 0);
            const run = await runs.get(id);
            expect(run?.revision).toBe(1 + total);
            for (const [writer, changes] of changesPerWriter.entries()) {
              expect(run?.reason?.split(`${writer}`).length).toBe(changes + 1);
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  });
}
