import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireProcessLock } from '../../pipeline/local/process-lock.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');

/** Starts the app with an empty folder as its checkout, which it may not write to. */
function start(...args: readonly string[]) {
  const checkout = temporaryFolder();
  const script = `import { main } from './bot/local/main.ts';
    await main(${JSON.stringify(checkout)}, ${JSON.stringify(args)}, {});`;
  const ended = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    {
      cwd: root,
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  return { ...ended, written: readdirSync(checkout) };
}

describe('npm start', () => {
  it('leaves the folder of the running app alone', () => {
    const data = join(temporaryFolder(), 'data');
    const lock = acquireProcessLock(data);

    const { status, stderr } = start('--data', data, '--port', '0', '--no-open');
    lock.release();

    expect(stderr).toContain(`✗ The data folder is in use by process ${process.pid}.`);
    expect(status).toBe(1);
    expect(existsSync(join(data, 'inbox'))).toBe(false);
    expect(existsSync(join(data, 'samples'))).toBe(false);
  });

  it('says that the database is damaged, and ends with 1', () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'state.sqlite'), 'x'.repeat(10_000));

    const { status, stderr } = start('--data', data, '--port', '0', '--no-open');

    expect(stderr.trim().split('\n')).toEqual([
      `✗ The database state.sqlite in ${data} is damaged.`,
      expect.stringContaining('npm start -- --data <folder>'),
    ]);
    expect(status).toBe(1);
  });

  it('refuses a data folder without a name', () => {
    const { status, stderr, written } = start('--data', '', '--no-open');

    expect(stderr).toContain('--data needs the name of a folder.');
    expect(status).toBe(2);
    expect(written).toEqual([]);
  });
});
