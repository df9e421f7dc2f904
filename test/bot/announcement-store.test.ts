import { describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { nothingAnnounced } from '../../bot/announcer/announcement-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';

const create = () => createSqliteAnnouncementStore({ database: openDatabase(':memory:') });

describe('the SQLite announcement store', () => {
  const posted = {
    ...nothingAnnounced,
    channel: 'C1',
    rootTs: '1.2',
    entries: { dataset: { ts: '1.3', digest: 'd' } },
  };

  it('gives back what was put, with its revision', async () => {
    const store = create();

    expect(await store.get('r')).toBeNull();
    expect(await store.put('r', posted, 0)).toBe(true);
    expect(await store.get('r')).toEqual({ announcement: posted, revision: 1 });
  });

  it('refuses the slower of two writers', async () => {
    const store = create();
    await store.put('r', posted, 0);

    expect(await store.put('r', nothingAnnounced, 0)).toBe(false);
    expect(await store.put('r', nothingAnnounced, 2)).toBe(false);
    expect(await store.put('r', nothingAnnounced, 1)).toBe(true);
    expect((await store.get('r'))?.revision).toBe(2);
  });
});
