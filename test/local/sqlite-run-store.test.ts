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
});
