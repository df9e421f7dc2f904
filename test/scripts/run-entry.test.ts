import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entries } from '../../scripts/setup/run-entry.mjs';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

function node(...args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 20_000 });
}

describe('scripts/run.mjs', () => {
  it.each(Object.entries(entries))('%s names a function that its module exports', (_, entry) => {
    expect(read(entry.module)).toMatch(new RegExp(`^export async function ${entry.call}\\(`, 'm'));
    if (entry.errors !== undefined) {
      expect(read(entry.errors)).toMatch(/^export function explainAndExit\(/m);
    }
  });

  it('runs every entry that package.json names', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = Object.entries<string>(scripts).flatMap(([script, command]) => {
      const [, entry] = /^node scripts\/run\.mjs (\S+)$/.exec(command) ?? [];
      return entry === undefined ? [] : [[script, entry]];
    });

    expect(named.length).toBeGreaterThan(5);
    for (const [script, entry] of named) expect(entry).toBe(script);
    expect(Object.keys(entries).sort()).toEqual([...named.map(([name]) => name), 'mlops'].sort());
  });

  it('refuses an entry there is not, and names those there are', () => {
    const { status, stderr } = node('scripts/run.mjs', 'strat');

    expect(status).toBe(2);
    expect(stderr).toContain('“strat”');
    expect(stderr).toContain('start, demo, gallery');
  });
});

describe('npx mlops', () => {
  it('passes arguments on and answers without any set-up', () => {
    const { status, stdout } = node('scripts/mlops.mjs', '--help');

    expect(status).toBe(0);
    expect(stdout).toMatch(/^The \/mlops commands/);
  });

  it('ends with the exit code of the command', () => {
    const { status, stderr } = node('scripts/mlops.mjs', '--stage', 'nowhere', 'status');

    expect(status).toBe(2);
    expect(stderr).toContain('There is no stage “nowhere”');
  });
});
