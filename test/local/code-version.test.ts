import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { codeVersion } from '../../pipeline/local/job-runner/code-version.ts';
import { temporaryFolder } from './temporary-folder.ts';

function makeTraining() {
  const folder = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('recipes/words/train.py', 'print(1)');
  write('recipes/words/requirements.txt', 'numpy>=1.26');
  return { folder, write };
}

it.each([
  ['a script', 'recipes/words/train.py', 'print(2)'],
  ['the requirements', 'recipes/words/requirements.txt', 'numpy>=2'],
  ['a new file', 'recipes/words/helper.py', ''],
])('is another one when %s changes', async (_, path, text) => {
  const { folder, write } = makeTraining();
  const before = await codeVersion(folder);

  write(path, text);

  expect(await codeVersion(folder)).not.toBe(before);
});

it('is another one when a file has moved, and the same again when it is back', async () => {
  const { folder, write } = makeTraining();
  const before = await codeVersion(folder);

  rmSync(join(folder, 'recipes/words/train.py'));
  write('recipes/other/train.py', 'print(1)');
  const moved = await codeVersion(folder);
  rmSync(join(folder, 'recipes/other/train.py'));
  write('recipes/words/train.py', 'print(1)');

  expect(moved).not.toBe(before);
  expect(await codeVersion(folder)).toBe(before);
});

it.each(['recipes/words/__pycache__/train.cpython-311.pyc', 'README.md', '.ruff_cache/note.txt'])(
  'stays when %s comes',
  async (path) => {
    const { folder, write } = makeTraining();
    const before = await codeVersion(folder);

    write(path, 'x');

    expect(await codeVersion(folder)).toBe(before);
  },
);
