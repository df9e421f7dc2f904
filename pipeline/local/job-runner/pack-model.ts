import { create } from 'tar';
import type { ModelArtifact } from '../../core/run.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { entriesUnder } from '../folders.ts';

/** None: weights hardly compress (15 %), and the fastest level takes five times as long as none. */
const GZIP_LEVEL = 0;

/**
 * Packs the model folder as `model.tar.gz`. The archive of equal files has equal bytes: entries
 * are sorted, and owner, time and mode are left out or fixed. Null when the folder is empty. Its
 * caller has made sure that it holds plain files only.
 */
export async function packModel(options: {
  folder: string;
  key: string;
  artifacts: FolderArtifactStore;
}): Promise<ModelArtifact | null> {
  const { folder, key, artifacts } = options;
  const entries = await entriesUnder(folder);
  if (entries.length === 0) return null;

  const archive = create(
    {
      cwd: folder,
      gzip: { level: GZIP_LEVEL },
      portable: true,
      mtime: new Date(0),
      onWriteEntry: (entry) => {
        entry.path = entry.path.replace(/^\.\//, '');
        if (entry.stat !== undefined) entry.stat.mode = 0o644;
      },
    },
    // A bare leading "@" means "add the entries of that archive" to tar.
    entries.map((entry) => `./${entry.path}`),
  );
  return artifacts.putDigested(archive, () => key);
}
