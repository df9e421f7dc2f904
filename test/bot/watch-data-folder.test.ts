import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchDataFolder } from '../../bot/local/watch-data-folder.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

/** Watches a new folder; `gone` resolves when that is reported. */
function watched() {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder);
  let calls = 0;
  const gone = new Promise<void>((resolve) => {
    const onGone = () => {
      calls += 1;
      resolve();
    };
    onTestFinished(watchDataFolder({ folder, onGone, pollMilliseconds: 5 }));
  });
  return { folder, gone, calls: () => calls };
}

describe('watchDataFolder', () => {
  it('reports a folder that was removed', async () => {
    const { folder, gone, calls } = watched();

    rmSync(folder, { recursive: true });
    await gone;

    expect(calls()).toBe(1);
  });

  it('reports a folder in whose place another one is', async () => {
    const { folder, gone, calls } = watched();

    renameSync(folder, `${folder}.old`);
    mkdirSync(folder);
    await gone;

    expect(calls()).toBe(1);
  });
});
