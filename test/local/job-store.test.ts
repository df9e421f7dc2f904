import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import { createJobStore } from '../../pipeline/local/job-runner/job-store.ts';
import { aJobSpec } from '../fakes/samples.ts';

const at = '2026-11-25T09:00:00.000Z';

/** A database that refuses to change jobs while `isFull` says so. */
function createFullDatabase(isFull: () => boolean): Database {
  const real = openDatabase(':memory:');
  return {
    ...real,
    get inTransaction() {
      return real.inTransaction;
    },
    prepare(sql) {
      const statement = real.prepare(sql);
      return {
        ...statement,
        run(...values) {
          if (sql.startsWith('UPDATE') && isFull()) throw new Error('database or disk is full');
          return statement.run(...values);
        },
      };
    },
  };
}

describe('a job whose state the disk refuses', () => {
  it('goes on with it, says so once, and stores it when there is space', async () => {
    let isFull = true;
    const database = createFullDatabase(() => isFull);
    const said: string[] = [];
    let resolve = () => {};
    const stored = new Promise<void>((done) => {
      resolve = done;
    });
    const store = createJobStore({
      database,
      retrySeconds: 0.005,
      log({ message }) {
        said.push(message);
        if (message.includes('again')) resolve();
      },
    });
    const { name } = aJobSpec();
    store.insert(aJobSpec(), at);

    store.save({ ...store.get(name), lostMachines: 1 });
    store.save({ ...store.get(name), lostMachines: 2 });
    const seen = store.get(name).lostMachines;
    const inDatabase = createJobStore({ database }).get(name).lostMachines;
    isFull = false;
    await stored;

    expect([seen, inDatabase]).toEqual([2, 0]);
    expect(createJobStore({ database }).get(name).lostMachines).toBe(2);
    expect(said).toEqual([
      'The state of a job could not be stored and is kept in memory.',
      'The states of jobs are stored again.',
    ]);
  });

  it('is stored at the end of the app, if there is space by then', () => {
    let isFull = true;
    const database = createFullDatabase(() => isFull);
    const store = createJobStore({ database, log: () => {} });
    const { name } = aJobSpec();
    store.insert(aJobSpec(), at);
    store.save({ ...store.get(name), lostMachines: 1 });

    isFull = false;
    store.close();

    expect(createJobStore({ database }).get(name).lostMachines).toBe(1);
  });
});
