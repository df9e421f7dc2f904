import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineLog, readLineLog } from '../../pipeline/local/line-log.ts';
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
