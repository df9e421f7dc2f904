import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent } from './folders.ts';

/** A log is two files of at most this many bytes: the present one and the one before. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_LINE_CHARACTERS = 2000;

/** Appends lines to a log that drops its oldest ones; they are written before the call returns. */
export function createLineLog(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    const text = `${line.slice(0, MAX_LINE_CHARACTERS)}\n`;
    if (bytes > MAX_FILE_BYTES) {
      renameSync(path, previous(path));
      bytes = 0;
    }
    appendFileSync(path, text);
    bytes += Buffer.byteLength(text);
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
