import { constants, type Dirent } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FolderEntry {
  /** Path below the folder, with `/`. */
  readonly path: string;
  readonly isFile: boolean;
}

/** Everything below a folder but folders themselves, sorted; nothing for a folder that is absent. */
export async function entriesUnder(folder: string): Promise<readonly FolderEntry[]> {
  const entries = await readFolder(folder);
  const nested = entries.map(async (entry): Promise<readonly FolderEntry[]> => {
    if (!entry.isDirectory()) return [{ path: entry.name, isFile: entry.isFile() }];
    const below = await entriesUnder(join(folder, entry.name));
    return below.map((each) => ({ ...each, path: `${entry.name}/${each.path}` }));
  });
  return (await Promise.all(nested)).flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Copies a file so that changes of the copy leave the original alone; free on APFS, Btrfs, XFS. */
export async function copyInto(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target, constants.COPYFILE_FICLONE);
}

export function isAbsent(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR';
}

/** Whether the disk, or the quota of this user, is full. */
export function isOutOfSpace(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(`${error.code}`);
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
