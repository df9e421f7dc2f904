import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../pipeline/local/database.ts';
import { acquireProcessLock } from '../../pipeline/local/process-lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the state of the local app', () => {
  it('is readable by its owner only', () => {
    const folder = join(temporaryFolder(), 'data');
    const lock = acquireProcessLock(folder);
    const database = openDatabase(join(folder, 'state.sqlite'));
    database.exec('CREATE TABLE t (x)');

    const files = readdirSync(folder).filter((name) => name.startsWith('state.sqlite'));
    const modes = files.map((name) => modeOf(join(folder, name)));
    database.close();
    lock.release();

    expect(files.length).toBeGreaterThan(1);
    expect(new Set(modes)).toEqual(new Set(['600']));
    expect(modeOf(folder)).toBe('700');
  });

  it('is made so when an earlier version left it readable by everyone', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'engine.lock'), '');
    writeFileSync(join(folder, 'state.sqlite'), '', { mode: 0o644 });

    acquireProcessLock(folder).release();
    openDatabase(join(folder, 'state.sqlite')).close();

    expect(modeOf(folder)).toBe('700');
    expect(modeOf(join(folder, 'state.sqlite'))).toBe('600');
  });

  it('leaves the mode of a folder alone that was no data folder', () => {
    const folder = join(temporaryFolder(), 'mine');
    mkdirSync(folder, { mode: 0o755 });

    acquireProcessLock(folder).release();

    expect(modeOf(folder)).toBe('755');
  });
});
