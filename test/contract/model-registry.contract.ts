import { describe, expect, it } from 'vitest';
import type { ModelRegistry, VersionQuery } from '../../pipeline/core/ports.ts';
import { anEntry } from '../fakes/samples.ts';

/** What every {@link ModelRegistry} keeps; `make` returns an empty one. */
export function describeModelRegistry(name: string, make: () => Promise<ModelRegistry>): void {
  describe(`ModelRegistry: ${name}`, () => {
    it('counts versions from 1 for each model', async () => {
      const registry = await make();

      const first = await registry.register(anEntry({ runId: 'spam-1' }));
      const second = await registry.register(anEntry({ runId: 'spam-2' }));
      const other = await registry.register(anEntry({ runId: 'other-1', model: 'other' }));

      expect([first.version, second.version, other.version]).toEqual([1, 2, 1]);
    });

    it('returns a version as it was registered, waiting for approval', async () => {
      const registry = await make();

      const registered = await registry.register(anEntry());

      const expected = {
        ...anEntry(),
        version: 1,
        approval: 'PendingManualApproval',
        approvalNote: null,
        lastChangeInStudio: null,
        rolledBackBy: null,
      };
      expect(registered).toEqual(expected);
      expect(await registry.get('spam', 1)).toEqual(expected);
    });

    it.each([
      ['with the commit', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
      ['without a commit', null],
    ])('keeps which code trained a version, %s', async (_, commit) => {
      const registry = await make();
      const source = { code: '0c7e51d2a9b84f36', commit };

      const { version } = await registry.register(anEntry({ source }));

      expect((await registry.get('spam', version))?.source).toEqual(source);
    });

    it('keeps where the model card of a version is', async () => {
      const registry = await make();
      const cardKey = 'runs/spam-aaaaaaaa/model-card.md';

      const { version } = await registry.register(anEntry({ cardKey }));

      expect((await registry.get('spam', version))?.cardKey).toBe(cardKey);
    });

    it('registers a run once', async () => {
      const registry = await make();
      const first = await registry.register(anEntry());
      await registry.setApproval('spam', 1, 'Approved', 'by ada');

      const again = await registry.register(anEntry({ digest: 'e'.repeat(64) }));

      expect(again).toEqual({ ...first, approval: 'Approved', approvalNote: 'by ada' });
      expect(await registry.list('spam')).toHaveLength(1);
    });

    it('gives concurrent registrations numbers of their own', async () => {
      const registry = await make();
      const runIds = Array.from({ length: 6 }, (_, index) => `spam-${index}`);

      const versions = await Promise.all(
        [...runIds, ...runIds].map((runId) => registry.register(anEntry({ runId }))),
      );

      expect(new Set(versions.map((each) => each.version))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    });

    it('lists the newest version first', async () => {
      const registry = await make();
      for (const runId of ['spam-1', 'spam-2', 'spam-3']) {
        await registry.register(anEntry({ runId }));
      }

      const versions = await registry.list('spam');

      expect(versions.map((each) => each.version)).toEqual([3, 2, 1]);
      expect(await registry.list('other')).toEqual([]);
    });

    it('lists a part of the versions', async () => {
      const registry = await make();
      for (const runId of ['spam-1', 'spam-2', 'spam-3', 'spam-4']) {
        await registry.register(anEntry({ runId }));
      }
      const numbers = async (query: VersionQuery) =>
        (await registry.list('spam', query)).map(({ version }) => version);

      expect(await numbers({ limit: 2 })).toEqual([4, 3]);
      expect(await numbers({ below: 3 })).toEqual([2, 1]);
      expect(await numbers({ below: 4, limit: 2 })).toEqual([3, 2]);
      expect(await numbers({ below: 1 })).toEqual([]);
    });

    it('keeps the latest approval and its note', async () => {
      const registry = await make();
      await registry.register(anEntry());

      await registry.setApproval('spam', 1, 'Approved', 'by ada');
      await registry.setApproval('spam', 1, 'Rejected', null);

      expect(await registry.get('spam', 1)).toMatchObject({
        approval: 'Rejected',
        approvalNote: null,
      });
    });

    it('keeps which run took a version out of production, beside its approval', async () => {
      const registry = await make();
      await registry.register(anEntry());
      await registry.setApproval('spam', 1, 'Approved', 'by ada');

      await registry.setRolledBack('spam', 1, 'spam-bbbbbbbb');

      const expected = { approval: 'Approved', approvalNote: 'by ada', metrics: anEntry().metrics };
      expect(await registry.get('spam', 1)).toMatchObject({
        ...expected,
        rolledBackBy: 'spam-bbbbbbbb',
      });
      await registry.setRolledBack('spam', 1, 'spam-cccccccc');
      expect((await registry.list('spam'))[0]?.rolledBackBy).toBe('spam-cccccccc');
      await registry.setRolledBack('spam', 1, null);
      await registry.setRolledBack('spam', 1, null);
      expect(await registry.get('spam', 1)).toMatchObject({ ...expected, rolledBackBy: null });
    });

    it('refuses to mark a version that does not exist', async () => {
      const registry = await make();

      const marked = registry.setRolledBack('spam', 7, 'spam-bbbbbbbb');

      await expect(marked).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
    });

    it('refuses to approve a version that does not exist', async () => {
      const registry = await make();

      const approval = registry.setApproval('spam', 7, 'Approved', null);

      await expect(approval).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
      expect(await registry.get('spam', 7)).toBeNull();
    });
  });
}
