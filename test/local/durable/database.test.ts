import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate, openDatabase, transact } from '../../../pipeline/local/database.ts';
import { createFolder } from './harness.ts';

const TABLE = 'CREATE TABLE things (name TEXT PRIMARY KEY)';

function namesOf(database: ReturnType<typeof openDatabase>): string[] {
  const rows = database.prepare('SELECT name FROM things ORDER BY name').all();
  return rows.map((row) => (row as { name: string }).name);
}

describe('openDatabase', () => {
  it('creates the folder and survives a process that dies (WAL, foreign keys on)', () => {
    const path = join(createFolder(), 'deep', 'down', 'state.db');

    const database = openDatabase(path);

    expect(existsSync(path)).toBe(true);
    expect(database.pragma('journal_mode')).toMatchObject([{ journal_mode: 'wal' }]);
    expect(database.pragma('synchronous')).toMatchObject([{ synchronous: 1 }]);
    expect(database.pragma('foreign_keys')).toMatchObject([{ foreign_keys: 1 }]);
    expect(database.pragma('busy_timeout')).toMatchObject([{ timeout: 5_000 }]);
  });
});

describe('a prepared statement', () => {
  it('finds a row that was written after it had listed others', () => {
    const database = openDatabase(':memory:');
    database.exec(TABLE);
    const select = database.prepare('SELECT name FROM things WHERE name = ?');
    select.all('a');

    database.prepare('INSERT INTO things VALUES (?)').run('b');

    expect(select.get('b')).toEqual({ name: 'b' });
  });

  it('binds a single null and a single Buffer by position', () => {
    const database = openDatabase(':memory:');
    const select = database.prepare('SELECT hex(?) AS value');

    expect(select.get(null)).toEqual({ value: '' });
    expect(select.all(Buffer.from('a'))).toEqual([{ value: '61' }]);
  });

  it('is the same one for the same text, and knows of columns added since', () => {
    const database = openDatabase(':memory:');
    database.exec(TABLE);
    database.exec("INSERT INTO things VALUES ('a')");
    const select = database.prepare('SELECT * FROM things');
    select.all();

    database.exec('ALTER TABLE things ADD COLUMN size INTEGER');

    expect(database.prepare('SELECT * FROM things')).toBe(select);
    expect(select.all()).toEqual([{ name: 'a', size: null }]);
  });

  it('returns undefined where there is no row', () => {
    const database = openDatabase(':memory:');
    database.exec(TABLE);

    expect(database.prepare('SELECT name FROM things').get()).toBeUndefined();
  });
});

describe('transact', () => {
  it('undoes everything when the work throws', () => {
    const database = openDatabase(':memory:');
    database.exec(TABLE);

    const work = () =>
      transact(database, () => {
        database.exec("INSERT INTO things VALUES ('a')");
        throw new Error('no');
      });

    expect(work).toThrow('no');
    expect(namesOf(database)).toEqual([]);
    expect(database.inTransaction).toBe(false);
  });

  it('joins the transaction it is called in', () => {
    const database = openDatabase(':memory:');
    database.exec(TABLE);

    const work = () =>
      transact(database, () => {
        transact(database, () => database.exec("INSERT INTO things VALUES ('a')"));
        throw new Error('no');
      });

    expect(work).toThrow('no');
    expect(namesOf(database)).toEqual([]);
  });
});

describe('migrate', () => {
  const second = "INSERT INTO things VALUES ('second')";

  it('runs each step once, on new and on older databases alike', () => {
    const path = join(createFolder(), 'state.db');
    migrate(openDatabase(path), 'things', [TABLE]);

    migrate(openDatabase(path), 'things', [TABLE, second]);
    migrate(openDatabase(path), 'things', [TABLE, second]);
    migrate(openDatabase(path), 'others', ["INSERT INTO things VALUES ('others')"]);

    expect(namesOf(openDatabase(path))).toEqual(['others', 'second']);
  });

  it('writes nothing to a database that is up to date', () => {
    const path = join(createFolder(), 'state.db');
    migrate(openDatabase(path), 'things', [TABLE, second]);
    const writer = openDatabase(path);
    const before = writer.pragma('data_version');

    migrate(openDatabase(path), 'things', [TABLE, second]);

    expect(writer.pragma('data_version')).toEqual(before);
  });

  it('leaves an older version of the program its newer database', () => {
    const database = openDatabase(':memory:');
    migrate(database, 'things', [TABLE, second]);

    migrate(database, 'things', [TABLE]);
    migrate(database, 'things', [TABLE, second]);

    expect(namesOf(database)).toEqual(['second']);
  });
});
