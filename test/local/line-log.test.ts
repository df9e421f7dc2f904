import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineLog, type LineLogFiles, readLineLog } from '../../pipeline/local/line-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('createLineLog', () => {
  it('gives back the last lines, oldest first', async () => {
    const path = join(temporaryFolder(), 'deep/log.txt');
    const before = await readLineLog(path, 10);
    const log = createLineLog(path);
    for (const line of ['one', 'two', 'three']) log(line);

    expect(before).toEqual([]);
    expect(await readLineLog(path, 2)).toEqual(['two', 'three']);
  });

  it('goes on with the log of an earlier process', async () => {
    const path = join(temporaryFolder(), 'log.txt');
    createLineLog(path)('one');
    createLineLog(path)('two');

    expect(await readLineLog(path, 10)).toEqual(['one', 'two']);
  });

  it('forgets its oldest lines instead of growing for ever', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'log.txt');
    const log = createLineLog(path);
    for (let line = 1; line <= 4000; line += 1) log(`${line} ${'x'.repeat(1000)}`);

    const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    const lines = await readLineLog(path, 1200);
    expect(Math.max(...bytes)).toBeLessThan(1.01 * 1024 ** 2);
    expect(bytes).toHaveLength(2);
    expect(lines.map((line) => Number.parseInt(line, 10)).at(-1)).toBe(4000);
    expect(lines).toHaveLength(1200);
  });
});

describe('a line log on a full disk', () => {
  const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

  /** The real file system, in which the given call fails, half done where that is possible. */
  function failingFiles() {
    const failing = { call: null as keyof LineLogFiles | null };
    const files: LineLogFiles = {
      makeFolder: (path) => void mkdirSync(path, { recursive: true }),
      size: (path) => (existsSync(path) ? statSync(path).size : 0),
      append(path, text) {
        if (failing.call !== 'append') return appendFileSync(path, text);
        appendFileSync(path, text.slice(0, 2));
        throw noSpace;
      },
      rename: renameSync,
      truncate: truncateSync,
    };
    const guarded = new Proxy(files, {
      get(target, name: keyof LineLogFiles) {
        if (failing.call === name && name !== 'append') {
          return () => {
            throw noSpace;
          };
        }
        return target[name];
      },
    });
    return { failing, files: guarded };
  }

  it.each(['makeFolder', 'size', 'append'] as const)(
    'writes the line later when %s fails, and no half line',
    async (call) => {
      const path = join(temporaryFolder(), 'deep/log.txt');
      const { failing, files } = failingFiles();
      const log = createLineLog(path, files);

      failing.call = call;
      log('one');
      failing.call = null;
      log('two');
      failing.call = call;
      log('three');
      log('four');
      failing.call = null;
      log('five');

      expect(await readLineLog(path, 10)).toEqual(['one', 'two', 'three', 'four', 'five']);
    },
  );

  it('does not end its caller', async () => {
    const path = join(temporaryFolder(), 'log.txt');
    const log = createLineLog(path);
    mkdirSync(path);

    log('one');
    rmdirSync(path);
    log('two');

    expect(await readLineLog(path, 10)).toEqual(['one', 'two']);
  });

  it('writes the line later when the old file cannot be moved', async () => {
    const path = join(temporaryFolder(), 'log.txt');
    writeFileSync(path, `${'x'.repeat(1100)}\n`.repeat(1000));
    const { failing, files } = failingFiles();
    const log = createLineLog(path, files);

    failing.call = 'rename';
    log('one');
    failing.call = null;
    log('two');

    expect(await readLineLog(path, 2)).toEqual(['one', 'two']);
  });

  it('keeps a bounded number of lines and says how many are missing', async () => {
    const path = join(temporaryFolder(), 'log.txt');
    const { failing, files } = failingFiles();
    const log = createLineLog(path, files);

    failing.call = 'append';
    for (let line = 1; line <= 1500; line += 1) log(`${line}`);
    failing.call = null;
    log('1501');

    const lines = await readLineLog(path, 2000);
    expect(lines).toHaveLength(1001);
    expect(lines[0]).toBe('(501 lines could not be written)');
    expect(lines.at(-1)).toBe('1501');
  });
});
