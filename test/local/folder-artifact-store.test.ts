import { createReadStream, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Memory on Linux, so that a file cannot be renamed to the folder of the store. */
const OTHER_DISK = '/dev/shm';

describe('createFolderArtifactStore', () => {
  it('rejects a stream that fails before it is read, and nothing is left unhandled', async () => {
    const folder = temporaryFolder();
    const artifacts = createFolderArtifactStore({ root: join(folder, 'a/b/c') });

    const stored = artifacts.putStream('key', createReadStream(join(folder, 'absent')));
    await expect(stored).rejects.toMatchObject({ code: 'ENOENT' });
    const refused = artifacts.putStream('../key', createReadStream(join(folder, 'absent')));
    await expect(refused).rejects.toThrow('not a valid artifact key');
  });

  it('takes a file, instead of what the key held before', async () => {
    const folder = temporaryFolder();
    const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
    await artifacts.put('a/key', 'before');
    const file = join(folder, 'file');
    writeFileSync(file, 'after');

    await artifacts.take('a/key', file);

    expect(new TextDecoder().decode((await artifacts.get('a/key')) ?? undefined)).toBe('after');
    expect(existsSync(file)).toBe(false);
    await expect(artifacts.take('../key', file)).rejects.toThrow('not a valid artifact key');
    await expect(artifacts.take('a/', file)).rejects.toThrow('not a valid artifact key');
  });

  it.runIf(existsSync(OTHER_DISK))('takes a file from another disk', async () => {
    const folder = mkdtempSync(join(OTHER_DISK, 'mlops-'));
    const artifacts = createFolderArtifactStore({ root: join(temporaryFolder(), 'artifacts') });
    const file = join(folder, 'file');
    writeFileSync(file, 'content');

    await artifacts.take('key', file).finally(() => rm(folder, { recursive: true }));

    expect(await artifacts.list('')).toEqual(['key']);
  });
});
