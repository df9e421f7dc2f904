import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertStore } from '../../pipeline/core/ports.ts';
import { anAlert, anObservation } from '../fakes/alert-samples.ts';

const openedAt = (at: string) => ({ by: anObservation({ at }), since: at });

/** What every {@link AlertStore} keeps; `make` returns an empty one. */
export function describeAlertStore(name: string, make: () => Promise<AlertStore>): void {
  describe(`AlertStore: ${name}`, () => {
    it('returns an alert as it was created', async () => {
      const store = await make();
      const alert = anAlert();

      expect(await store.create(alert)).toBe(true);
      expect(await store.get(alert.id)).toEqual(alert);
      expect(await store.latest('spam', 'metric')).toEqual(alert);
    });

    it('knows nothing of what was never created', async () => {
      const store = await make();

      expect(await store.get('spam-metric-9')).toBeNull();
      expect(await store.latest('spam', 'metric')).toBeNull();
      expect(await store.replace(anAlert({ revision: 2 }))).toBe(false);
      expect(await store.list({})).toEqual([]);
    });

    it('creates an alert once', async () => {
      const store = await make();
      await store.create(anAlert({ rollbackTo: 1 }));

      expect(await store.create(anAlert({ rollbackTo: 2 }))).toBe(false);
      expect((await store.get(anAlert().id))?.rollbackTo).toBe(1);
    });

    it.each([
      ['the same', 1],
      ['the one after next', 3],
    ])('refuses to replace with %s revision', async (_, revision) => {
      const store = await make();
      await store.create(anAlert());

      expect(await store.replace(anAlert({ revision, rollbackTo: 1 }))).toBe(false);
      expect(await store.get(anAlert().id)).toEqual(anAlert());
    });

    it('replaces with the next revision', async () => {
      const store = await make();
      await store.create(anAlert());
      const next = anAlert({ revision: 2, status: 'acknowledged' });

      expect(await store.replace(next)).toBe(true);
      expect(await store.get(next.id)).toEqual(next);
    });

    it('finds the latest by its number, of that model and kind alone', async () => {
      const store = await make();
      for (const number of [9, 11, 10]) {
        await store.create(anAlert({ id: `spam-metric-${number}`, number }));
      }
      await store.create(anAlert({ id: 'spam-latency-12', kind: 'latency', number: 12 }));
      await store.create(anAlert({ id: 'other-metric-13', model: 'other', number: 13 }));

      expect((await store.latest('spam', 'metric'))?.number).toBe(11);
      expect((await store.latest('spam', 'latency'))?.number).toBe(12);
      expect(await store.latest('spam', 'error_rate')).toBeNull();
    });

    it('lists what was opened, newest first and no more than asked for', async () => {
      const store = await make();
      for (const day of [12, 14, 13]) {
        const opened = openedAt(`2026-11-${day}T00:00:00.000Z`);
        await store.create(anAlert({ id: `spam-metric-${day}`, number: day, opened }));
      }
      await store.create(
        anAlert({ id: 'spam-metric-15', number: 15, status: 'watching', opened: null }),
      );
      const ids = async (limit?: number) =>
        (await store.list(limit === undefined ? {} : { limit })).map(({ number }) => number);

      expect(await ids()).toEqual([14, 13, 12]);
      expect(await ids(1)).toEqual([14]);
    });

    it.each([
      [{ model: 'spam' }, ['spam-metric-1', 'spam-metric-2']],
      [{ open: true }, ['other-metric-1', 'spam-metric-2']],
      [{ model: 'spam', open: true }, ['spam-metric-2']],
      [{ open: false }, ['spam-metric-1']],
      [{ model: 'nothing' }, []],
    ])('filters by %j', async (query, expected) => {
      const store = await make();
      await store.create(anAlert({ id: 'spam-metric-1', number: 1 }));
      await store.replace(
        anAlert({ id: 'spam-metric-1', number: 1, revision: 2, status: 'recovered' }),
      );
      await store.create(anAlert({ id: 'spam-metric-2', number: 2, status: 'acknowledged' }));
      await store.create(anAlert({ id: 'other-metric-1', model: 'other' }));

      expect((await store.list(query)).map(({ id }) => id).sort()).toEqual(expected);
    });

    it('keeps what is recorded with an alert, also once it has ended and has a successor', async () => {
      const store = await make();
      const at = '2026-11-22T10:00:00.000Z';
      const by = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
      const change = { kind: 'traffic', at, before: 12.5, now: 61 } as const;
      const opened = {
        by: anObservation(),
        since: at,
        changes: [{ change, seconds: 300, goodLooks: 2 }],
      };
      const ended = {
        at,
        silently: false,
        replacedBy: null,
        actions: [{ kind: 'retirement', at, runId: 'spam-a', by, reason: null }],
      } as const;
      await store.create(anAlert({ opened, status: 'retired', ended }));
      await store.create(anAlert({ id: 'spam-metric-2', number: 2 }));
      const judged = anAlert({
        opened,
        status: 'retired',
        ended,
        revision: 2,
        votes: [{ by, at, isRight: true }],
      });

      expect(await store.replace(judged)).toBe(true);

      expect(await store.get('spam-metric-1')).toEqual(judged);
      expect(await store.list({ open: false })).toEqual([judged]);
      expect((await store.latest('spam', 'metric'))?.number).toBe(2);
    });

    it('lets one of several concurrent writers create, and one replace', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.scheduler(), async (writers, s) => {
          const store = await make();
          const all = Array.from({ length: writers }, (_, rollbackTo) => rollbackTo);
          const writing = (write: (rollbackTo: number) => Promise<boolean>) =>
            Promise.all(all.map((each) => s.schedule(Promise.resolve()).then(() => write(each))));

          const creating = writing((rollbackTo) => store.create(anAlert({ rollbackTo })));
          await s.waitFor(creating);
          const replacing = writing((rollbackTo) =>
            store.replace(anAlert({ revision: 2, rollbackTo })),
          );
          await s.waitFor(replacing);

          expect((await creating).filter(Boolean)).toHaveLength(1);
          expect((await replacing).filter(Boolean)).toHaveLength(1);
        }),
        { numRuns: 10 },
      );
    });
  });
}
