import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benches } from '../../bench/benches.ts';
import { readArguments } from '../../bench/run.ts';

const root = resolve(import.meta.dirname, '../..');

describe('npm run bench', () => {
  it('runs every bench without a name', () => {
    expect(readArguments([])).toEqual({ kind: 'run', names: Object.keys(benches), json: null });
  });

  it('runs one bench and writes its figures', () => {
    const order = readArguments(['memory', '--json', 'figures.json']);

    expect(order).toEqual({ kind: 'run', names: ['memory'], json: 'figures.json' });
  });

  it.each([
    ['an unknown option', ['--jsn', 'x'], /--jsn/],
    ['no file after --json', ['--json'], /--json/],
  ])('refuses %s', (_what, args, message) => {
    expect(readArguments(args)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message),
    });
  });

  it('names the benches and ends with exit code 2 for a name it does not know', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--import', 'tsx', '--input-type=module', '--eval'],
        "const { main } = await import('./bench/run.ts'); await main('.', ['slack']);",
      ],
      { cwd: root, encoding: 'utf8', timeout: 20_000 },
    );

    expect(stderr).toContain('There is no bench “slack”. The benches are slack-door, ');
    expect(status).toBe(2);
  });

  it.each(Object.entries(benches))('%s has the name it is listed under', async (name, load) => {
    expect((await load()).bench.name).toBe(name);
  });
});
