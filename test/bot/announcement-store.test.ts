import { describe, expect, it } from 'vitest';
import {
  type AnnouncementStore,
  createMemoryAnnouncementStore,
  nothingAnnounced,
} from '../../bot/announcer/announcement-store.ts';
import { createSqliteAnnouncementStore } from '../../bot/local/sqlite-announcement-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';

describe.each<[string, () => AnnouncementStore]>([
  ['in memory', createMemoryAnnouncementStore],
  ['SQLite', () => createSqliteAnnouncementStore({ database: openDatabase(':memory:') })],
])('an announcement store (%s)', (_name, create) => {
  const told = {
    ...nothingAnnounced,
    channel: 'C1',
    rootTs: '1.2',
    entries: { dataset: { ts: '1.3', digest: 'd' } },
  };

  it('gives back what was put, with its revision', async () => {
    const store = create();

    expect(await store.get('r')).toBeNull();
    expect(await store.put('r', told, 0)).toBe(true);
    expect(await store.get('r')).toEqual({ announcement: told, revision: 1 });
  });

  it('refuses whoever was slower', async () => {
    const store = create();
    await store.put('r', told, 0);

    expect(await store.put('r', nothingAnnounced, 0)).toBe(false);
    expect(await store.put('r', nothingAnnounced, 2)).toBe(false);
    expect(await store.put('r', nothingAnnounced, 1)).toBe(true);
    expect((await store.get('r'))?.revision).toBe(2);
  });
});
