import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent } from './folders.ts';

/** A log is two files of at most this many bytes: the present one and the one before. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_LINE_CHARACTERS = 2000;
/** How many lines are kept for later while they cannot be written; then the oldest are dropped. */
const MAX_WAITING_LINES = 1000;

/** The file system as a log uses it; tests put errors into it. */
export interface LineLogFiles {
  makeFolder(path: string): void;
  size(path: string): number;
  /** May leave a part of the text behind when it throws. */
  append(path: string, text: string): void;
  rename(from: string, to: string): void;
  truncate(path: string, bytes: number): void;
}

const nodeFiles: LineLogFiles = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  append: appendFileSync,
  rename: renameSync,
  truncate: truncateSync,
};

/**
 * Appends lines to a log that drops its oldest ones; they are written before the call returns.
 * Never throws: what cannot be written now, on a full disk, is written with a later line.
 */
export function createLineLog(path: string, files = nodeFiles): (line: string) => void {
  const waiting: string[] = [];
  let dropped = 0;
  /** Size of what was written in full; null while it is unknown. */
  let bytes: number | null = null;
  /** Whether half a line may follow what was written in full. */
  let isTorn = false;

  /** The next line would be glued to the half one. */
  function mendEnd(end: number): void {
    if (isTorn && files.size(path) > end) files.truncate(path, end);
    isTorn = false;
  }

  function write(): void {
    if (bytes === null) {
      files.makeFolder(dirname(path));
      bytes = files.size(path);
    }
    mendEnd(bytes);
    if (bytes > MAX_FILE_BYTES) {
      files.rename(path, previous(path));
      bytes = 0;
    }
    const gap = dropped === 0 ? '' : `(${dropped} lines could not be written)\n`;
    const text = gap + waiting.join('');
    try {
      files.append(path, text);
    } catch (error) {
      isTorn = true;
      // When even this fails, the next line does it first, or waits.
      mendEnd(bytes);
      throw error;
    }
    bytes += Buffer.byteLength(text);
    waiting.length = 0;
    dropped = 0;
  }

  return (line) => {
    waiting.push(`${line.slice(0, MAX_LINE_CHARACTERS)}\n`);
    if (waiting.length > MAX_WAITING_LINES) {
      waiting.shift();
      dropped += 1;
    }
    try {
      write();
    } catch {
      // The lines wait for the next call: a log must never end what it describes.
    }
  };
}

/** The last lines, oldest first; none when nothing was written yet. */
export async function readLineLog(path: string, lines: number): Promise<readonly string[]> {
  if (lines <= 0) return [];
  const texts = await Promise.all([previous(path), path].map(readOrEmpty));
  return texts.join('').split('\n').slice(0, -1).slice(-lines);
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

function previous(path: string): string {
  return `${path}.1`;
}
