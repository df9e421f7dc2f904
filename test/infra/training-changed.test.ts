import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../local/temporary-folder.ts';

const script = resolve(import.meta.dirname, '../../.github/scripts/training-changed.sh');

/** A checkout with a commit for each list of files, and a `gh` that names one as deployed before. */
function aCheckout(commits: readonly (readonly string[])[], deployed: number | null) {
  const folder = temporaryFolder();
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  const hashes = commits.map((files, number) => {
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), String(number));
    }
    git('add', '.');
    git('commit', '--quiet', '--message', `commit ${number}`);
    return String(git('rev-parse', 'HEAD')).trim();
  });
  const bin = temporaryFolder();
  const before = deployed === null ? '' : (hashes[deployed] ?? 'f'.repeat(40));
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\necho '${before}'\n`);
  chmodSync(join(bin, 'gh'), 0o755);
  return (event: string) =>
    execFileSync('sh', [script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        GITHUB_EVENT_NAME: event,
        RUN: '7',
      },
    });
}

const changed = 'changed=true\n';
const trained = ['training/train.py'];
const other = ['README.md'];

describe.skipIf(process.platform === 'win32')('whether training/ changed', () => {
  it('is seen through a push of several commits', () => {
    expect(aCheckout([other, trained, other], 0)('workflow_run')).toBe(changed);
  });

  it('is denied where nothing changed since the deployment before', () => {
    expect(aCheckout([trained, other, other], 0)('workflow_run')).toBe('');
  });

  it.each([
    ['nothing was deployed before', null],
    ['that commit is gone', 9],
  ])('is assumed when %s', (_, deployed) => {
    expect(aCheckout([trained, other], deployed)('workflow_run')).toBe(changed);
  });

  it('does not matter to a person or the clock', () => {
    expect(aCheckout([other], 0)('schedule')).toBe(changed);
  });
});
