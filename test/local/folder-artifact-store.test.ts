import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('createFolderArtifactStore', () => {
  it('rejects a stream that fails before it is read, and nothing is left unhandled', async () => {
    const folder = temporaryFolder();
    const artifacts = createFolderArtifactStore({ root: join(folder, 'a/b/c') });

    const stored = artifacts.putStream('key', createReadStream(join(folder, 'absent')));
    await expect(stored).rejects.toMatchObject({ code: 'ENOENT' });
    const refused = artifacts.putStream('../key', createReadStream(join(folder, 'absent')));
    await expect(refused).rejects.toThrow('not a valid artifact key');
  });
});
