import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../pipeline/core/audit.ts';
import type { AuditLog } from '../../pipeline/core/ports.ts';

function anEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'slack:1',
    at: '2026-11-22T09:00:00.000Z',
    by: { kind: 'person', id: 'U0ADA', name: 'Ada' },
    from: 'slack',
    action: 'retrain',
    model: 'spam',
    what: 'spam <!channel> "ünïcode" 🚀',
    outcome: { kind: 'refused', reason: 'You are not an operator.' },
    ...overrides,
  };
}

/** What every {@link AuditLog} keeps; `make` returns an empty one. */
export function describeAuditLog(name: string, make: () => Promise<AuditLog>): void {
  describe(`AuditLog: ${name}`, () => {
    it('returns an entry as it was appended', async () => {
      const log = await make();

      await log.append(anEntry());

      expect(await log.list({})).toEqual([anEntry()]);
    });

    it('keeps the first of two entries with one id', async () => {
      const log = await make();
      await log.append(anEntry());

      await log.append(anEntry({ action: 'other' }));

      expect(await log.list({})).toEqual([anEntry()]);
    });

    it('lists the newest first, the later appended of two at once', async () => {
      const log = await make();
      const at = (minute: number) => `2026-11-22T09:0${minute}:00.000Z`;
      await log.append(anEntry({ id: 'a', at: at(2) }));
      await log.append(anEntry({ id: 'b', at: at(1) }));
      await log.append(anEntry({ id: 'c', at: at(2) }));

      expect((await log.list({})).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
      expect((await log.list({ limit: 2 })).map(({ id }) => id)).toEqual(['c', 'a']);
    });

    it('filters by model; entries about none come only without a filter', async () => {
      const log = await make();
      await log.append(anEntry({ id: 'a' }));
      await log.append(anEntry({ id: 'b', model: 'other' }));
      await log.append(anEntry({ id: 'c', model: null }));

      expect((await log.list({ model: 'spam' })).map(({ id }) => id)).toEqual(['a']);
      expect(await log.list({})).toHaveLength(3);
    });
  });
}
