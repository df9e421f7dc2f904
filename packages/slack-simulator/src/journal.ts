/**
 * A file of JSON lines that survives `kill -9`, a full disk and damage to itself.
 *
 * Written without fsync: it outlives the process, not a power cut. One process per journal.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The file system as the journal uses it; tests put errors and short writes into it. */
export interface JournalFiles {
  /** Null when there is no such file. */
  read(path: string): Buffer | null;
  makeFolder(path: string): void;
  /** For appending; creates the file. */
  open(path: string): number;
  /** May write a part only; returns the number of bytes. */
  write(descriptor: number, bytes: Uint8Array): number;
  truncate(descriptor: number, bytes: number): void;
  close(descriptor: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  append(path: string, text: string): void;
}

export const nodeFiles: JournalFiles = {
  read: (path) => (existsSync(path) ? readFileSync(path) : null),
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  open: (path) => openSync(path, 'a', 0o600),
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  truncate: ftruncateSync,
  close: closeSync,
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  append: (path, text) => appendFileSync(path, text, { mode: 0o600 }),
};

export interface Journal {
  /** Writes one line in full, or throws and leaves the journal as it was. */
  append(line: string): void;
  /** Puts these lines in the place of all. When that fails, the journal goes on as it was. */
  replace(lines: readonly string[]): void;
  close(): void;
}

/**
 * Opens or creates the journal at `file`. Lines that `parse` gives null for, and a last line that a
 * crash left unfinished, are set aside in `<file>.damaged` with one line in the log; the journal is
 * not whole then.
 */
export function openJournal<Entry>(options: {
  file: string;
  parse: (line: string) => Entry | null;
  files: JournalFiles;
  log: (line: string) => void;
}): { journal: Journal; entries: readonly Entry[]; isWhole: boolean } {
  const { file, files, log } = options;
  files.makeFolder(dirname(file));
  // Before it is read: only opening names the path when it is a folder.
  let descriptor = files.open(file);
  const bytes = files.read(file) ?? Buffer.alloc(0);
  const { entries, damaged, goodBytes } = readLines(bytes, options.parse);
  if (damaged.length > 0) setAside(damaged);
  /** Where the last complete line ends. */
  let end = goodBytes;
  /** Whether something unfinished may follow `end`. */
  let isTorn = bytes.length !== goodBytes;

  function setAside(lines: readonly string[]): void {
    const count = lines.length === 1 ? 'A damaged line' : `${lines.length} damaged lines`;
    const place = `${file}.damaged`;
    try {
      files.append(place, lines.map((line) => `${line}\n`).join(''));
      log(`${count} of ${file} went to ${place}; the rest is used.`);
    } catch (error) {
      log(`${count} of ${file} cannot be used, nor kept in ${place}: ${String(error)}`);
    }
  }

  function mendEnd(): void {
    if (!isTorn) return;
    files.truncate(descriptor, end);
    isTorn = false;
  }

  function writeAll(target: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const written = files.write(target, bytes.subarray(done));
      if (written === 0) throw new Error('The disk took nothing.');
      done += written;
    }
  }

  return {
    entries,
    isWhole: !isTorn && damaged.length === 0,
    journal: {
      append(line) {
        mendEnd();
        const bytes = Buffer.from(`${line}\n`);
        try {
          writeAll(descriptor, bytes);
        } catch (error) {
          isTorn = true;
          // When even this fails, the next line does it first, or is refused.
          ignoreErrors(mendEnd);
          throw error;
        }
        end += bytes.length;
      },
      replace(lines) {
        const bytes = Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`)));
        const next = `${file}.next`;
        let fresh: number | null = null;
        try {
          files.remove(next);
          fresh = files.open(next);
          writeAll(fresh, bytes);
          files.rename(next, file);
        } catch (error) {
          const opened = fresh;
          if (opened !== null) ignoreErrors(() => files.close(opened));
          ignoreErrors(() => files.remove(next));
          log(`${file} could not be compacted and goes on as it is: ${String(error)}`);
          return;
        }
        // The descriptor stays with the file across its renaming, so nothing can fail from here on.
        const old = descriptor;
        descriptor = fresh;
        end = bytes.length;
        isTorn = false;
        ignoreErrors(() => files.close(old));
      },
      close: () => files.close(descriptor),
    },
  };
}

function ignoreErrors(work: () => void): void {
  try {
    work();
  } catch {
    // The caller has a better error already, or none that matters.
  }
}

const NEWLINE = 0x0a;

/**
 * The entries of all usable lines; `goodBytes` is where the last complete line ends. Line by line,
 * because one string holds at most 512 MB.
 */
function readLines<Entry>(bytes: Buffer, parse: (line: string) => Entry | null) {
  const entries: Entry[] = [];
  const damaged: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.toString('utf8', start, end);
    start = end + 1;
    const entry = parse(line);
    if (entry !== null) {
      entries.push(entry);
      continue;
    }
    damaged.push(line);
    const glued = gluedLine(line, parse);
    if (glued !== null) entries.push(glued);
  }
  // What follows the last newline is empty, or a line that a crash left unfinished.
  if (start < bytes.length) damaged.push(bytes.toString('utf8', start));
  return { entries, damaged, goodBytes: start };
}

/**
 * The complete line that version 0.1.0 wrote behind half of another on a full disk. Within a JSON
 * string its quotes would be escaped, so the beginning cannot be mistaken.
 */
function gluedLine<Entry>(line: string, parse: (line: string) => Entry | null): Entry | null {
  const start = line.lastIndexOf('{"c":"');
  return start > 0 ? parse(line.slice(start)) : null;
}
