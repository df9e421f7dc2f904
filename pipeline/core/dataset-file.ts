/** Which names and which size a dataset file may have, wherever it comes from. */
import type { NewFile } from './data-contract/data-policy.ts';

/** What `training/prepare_data.py` reads in the time and memory of its function. */
export const MAX_DATASET_BYTES = 100 * 1024 * 1024;

/** In UTF-8: room for a model's folder and the dataset version in a path. */
const MAX_NAME_BYTES = 200;
const DATASET_SUFFIX = /\.(csv|jsonl|ndjson)$/i;
/** Control characters, and those that change the reading order of a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]/;
const UNFINISHED = /(\.part|\.tmp|\.crdownload|\.download|\.swp|~)$|^~\$/i;
const SYSTEM_FILE = /^(Thumbs\.db|desktop\.ini|\._.*)$/i;

const choices: readonly NewFile[] = ['append', 'replace'];

/**
 * What the folders between that of a model and a file say about the file: none leave it to the
 * configuration (`undefined`), `append` and `replace` decide; null for any other.
 */
export function choiceOfFolders(folders: readonly string[]): NewFile | undefined | null {
  const [folder, ...deeper] = folders;
  if (folder === undefined) return undefined;
  return deeper.length > 0 ? null : (choices.find((each) => each === folder) ?? null);
}

/** Why a file of this name is refused, as a sentence; null when it is accepted. */
export function refuseFileName(name: string): string | null {
  if (/[/\\]/.test(name) || name === '..') return 'The file name must not contain a path.';
  if (UNREADABLE.test(name)) return 'The file name contains unreadable characters.';
  if (name.startsWith('.')) return 'The file name must not start with a dot.';
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) return 'The file name is too long.';
  if (!DATASET_SUFFIX.test(name)) return 'A dataset must be a .csv, .jsonl or .ndjson file.';
  return null;
}

/** Files that are not datasets: still being written, or left by a system or a tool. */
export function isNoDataset(name: string): boolean {
  if (UNFINISHED.test(name) || SYSTEM_FILE.test(name)) return true;
  return /^[._]/.test(name) && !DATASET_SUFFIX.test(name);
}
