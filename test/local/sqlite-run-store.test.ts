import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { aRun } from '../fakes/samples.ts';

describe('createSqliteRunStore', () => {
  it.each(['{"id":"spam-b', 'null', '7', ''])(
    'sets a record aside that holds %j, says so once, and gives out the others',
    async (document) => {
      const database = openDatabase(':memory:');
      const broken: string[] = [];
      const runs = createSqliteRunStore({ database, onBroken: (id) => broken.push(id) });
      await runs.create(aRun({ id: 'spam-aaaaaaaa' }));
      await runs.create(aRun({ id: 'spam-bbbbbbbb' }));
      database.prepare('UPDATE runs SET document = ? WHERE id = ?').run(document, 'spam-bbbbbbbb');

      const listed = await runs.list({ ended: false });
      const found = await runs.get('spam-bbbbbbbb');

      expect(listed.map(({ id }) => id)).toEqual(['spam-aaaaaaaa']);
      expect(found).toBeNull();
      expect(broken).toEqual(['spam-bbbbbbbb']);
    },
  );

  it('gives out the same object until another writer replaced the record', async () => {
    const database = openDatabase(':memory:');
    const runs = createSqliteRunStore({ database });
    const other = createSqliteRunStore({ database });
    const run = aRun({ id: 'spam-aaaaaaaa', revision: 1 });
    await runs.create(run);

    const first = await runs.get(run.id);
    const [listed] = await runs.list({ ended: false });
    await other.replace({ ...run, revision: 2, reason: 'a second look' });
    const replaced = await runs.get(run.id);
    const [listedAgain] = await runs.list({ ended: false });

    expect(listed).toBe(first);
    expect(replaced).toMatchObject({ revision: 2, reason: 'a second look' });
    expect(listedAgain).toBe(replaced);
  });
});
