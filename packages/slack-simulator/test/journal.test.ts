import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalFiles, nodeFiles } from '../src/journal.ts';
import { createJournaledStore } from '../src/journaled-store.ts';

let folder: string;
const file = () => join(folder, 'journal.ndjson');
const foreign = () => join(folder, 'foreign.txt');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: { files?: JournalFiles; lines?: string[] } = {}) {
  return createJournaledStore({
    file: file(),
    transient: new Set(),
    shape: (_collection, row) => row,
    onChange: () => {},
    compactAfterLines: 4,
    log: (line) => options.lines?.push(line),
    ...(options.files === undefined ? {} : { files: options.files }),
  });
}

function rowsAfterRestart() {
  const store = open();
  const rows = store.collection('kept').all();
  store.close();
  return rows;
}

type Fault = 'refused' | 'half written';

/**
 * The real file system, whose calls from number `first` to `last` fail. Every descriptor that is
 * closed is taken at once by a foreign file, as the next file of the process would.
 */
function failingFiles(first: number, last: number, fault: Fault) {
  let calls = 0;
  let descriptors: number[] = [];
  const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const isFailing = () => {
    calls += 1;
    return calls >= first && calls <= last;
  };
  const guard = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      if (isFailing()) throw noSpace;
      return work(...args);
    };
  };
  const files: JournalFiles = {
    read: nodeFiles.read,
    makeFolder: nodeFiles.makeFolder,
    open: guard(nodeFiles.open),
    write(descriptor, bytes) {
      if (!isFailing()) return nodeFiles.write(descriptor, bytes);
      if (fault === 'half written' && bytes.length > 1) {
        return nodeFiles.write(descriptor, bytes.subarray(0, bytes.length >> 1));
      }
      throw noSpace;
    },
    truncate: guard(nodeFiles.truncate),
    close(descriptor) {
      nodeFiles.close(descriptor);
      descriptors.push(openSync(foreign(), 'a'));
      if (isFailing()) throw noSpace;
    },
    rename: guard(nodeFiles.rename),
    remove: guard(nodeFiles.remove),
    append: guard(nodeFiles.append),
  };
  return {
    files,
    hasFailed: () => calls >= first,
    release() {
      for (const descriptor of descriptors) closeSync(descriptor);
      descriptors = [];
    },
  };
}

describe('the journal on a full disk', () => {
  it.each([
    ['refused', 1],
    ['refused', 2],
    ['refused', 7],
    ['half written', 1],
    ['half written', 2],
    ['half written', 7],
  ] as const)(
    'has what its callers were promised, whichever call is %s (%i in a row)',
    (fault, count) => {
      let isThrough = false;
      for (let first = 2; !isThrough; first += 1) {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), 'journal-'));
        const { files, hasFailed, release } = failingFiles(first, first + count - 1, fault);
        const store = open({ files });
        const kept = store.collection('kept');
        const names: string[] = [];

        for (let step = 1; step <= 20; step += 1) {
          try {
            kept.insert({ name: `row ${step}` });
            names.push(`row ${step}`);
          } catch (error) {
            expect(String(error)).toContain('no space left');
          }
        }

        expect(kept.all().map(({ name }) => name)).toEqual(names);
        expect(rowsAfterRestart().map(({ name }) => name)).toEqual(names);
        expect(readFileSync(foreign(), 'utf8')).toBe('');
        expect(names.length).toBeGreaterThanOrEqual(20 - count);
        release();
        isThrough = !hasFailed();
      }
    },
  );
});

/** The file system of a process that dies at call number `last`: from then on nothing happens. */
function dyingFiles(last: number, moment: 'before' | 'halfway' | 'after') {
  let calls = 0;
  const guard = <A extends unknown[], R>(work: (...args: A) => R, half?: (...args: A) => void) => {
    return (...args: A): R => {
      calls += 1;
      if (calls < last) return work(...args);
      if (calls === last && moment === 'halfway') half?.(...args);
      if (calls === last && moment === 'after') work(...args);
      throw new Error('This process is dead.');
    };
  };
  const files: JournalFiles = {
    read: nodeFiles.read,
    makeFolder: nodeFiles.makeFolder,
    open: guard(nodeFiles.open),
    write: guard(nodeFiles.write, (descriptor, bytes) => {
      nodeFiles.write(descriptor, bytes.subarray(0, bytes.length >> 1));
    }),
    truncate: guard(nodeFiles.truncate),
    close: guard(nodeFiles.close),
    rename: guard(nodeFiles.rename),
    remove: guard(nodeFiles.remove),
    append: guard(nodeFiles.append),
  };
  return { files, isDead: () => calls >= last };
}

describe('the journal of a process that dies', () => {
  it.each(['before', 'halfway', 'after'] as const)(
    'has every row it acknowledged, and none torn, when that is %s any call',
    (moment) => {
      let isThrough = false;
      for (let last = 2; !isThrough; last += 1) {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), 'journal-'));
        const { files, isDead } = dyingFiles(last, moment);
        const kept = open({ files }).collection('kept');
        const names: string[] = [];

        for (let step = 1; step <= 20; step += 1) {
          try {
            kept.insert({ name: `row ${step}` });
            names.push(`row ${step}`);
          } catch (error) {
            expect(String(error)).toContain('is dead');
          }
        }

        const found = rowsAfterRestart().map(({ name }) => name);
        // The row that it was writing may be there or not.
        expect([names, [...names, `row ${names.length + 1}`]]).toContainEqual(found);
        isThrough = !isDead();
      }
    },
  );
});

describe('a damaged journal', () => {
  it('starts without the line that a full disk tore, and keeps the one behind it', () => {
    const row = (id: number) => `{"c":"kept","r":{"id":${id}}}`;
    writeFileSync(file(), `${row(1)}\n${row(2).slice(0, 14)}${row(3)}\n${row(4)}\n`);
    const lines: string[] = [];

    const store = open({ lines });
    store.close();

    expect(store.collection('kept').all()).toEqual([{ id: 1 }, { id: 3 }, { id: 4 }]);
    expect(lines).toEqual([
      `A damaged line of ${file()} went to ${file()}.damaged; the rest is used.`,
    ]);
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe(`${row(2).slice(0, 14)}${row(3)}\n`);
    expect(rowsAfterRestart()).toHaveLength(3);
  });

  it('sets aside everything that is no entry, with one line in the log', () => {
    writeFileSync(file(), 'not json\n7\n{"c":"kept","r":{}}\n{"c":"kept","r":{"id":2}}\n{"c":');
    const lines: string[] = [];

    const store = open({ lines });
    store.close();

    expect(store.collection('kept').all()).toEqual([{ id: 2 }]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('4 damaged lines');
  });

  it('goes on after an unfinished line even when it cannot be compacted', () => {
    writeFileSync(file(), '{"c":"kept","r":{"id":1}}\n{"c":"kept","r":{"id":2,"na');
    const { files } = failingFiles(2, 3, 'refused');
    const store = open({ files: { ...files, append: appendFileSync } });

    store.collection('kept').insert({ name: 'b' });

    expect(rowsAfterRestart()).toEqual([{ id: 1 }, { id: 2, name: 'b' }]);
  });

  it('is not written anew at a start when nearly all of it is in use', () => {
    const written: string[] = [];
    const files = {
      ...nodeFiles,
      rename(from: string, to: string) {
        written.push(to);
        nodeFiles.rename(from, to);
      },
    };
    const store = open();
    const { id } = store.collection('kept').insert({ step: 0 });
    for (let step = 1; step < 20; step += 1) store.collection('kept').insert({ step });
    store.collection('kept').update(id, { step: 99 });
    store.close();

    const again = open({ files });
    const rows = again.collection('kept').all();
    again.close();

    expect(written).toEqual([]);
    expect(rows.map(({ step }) => step)).toEqual([
      99,
      ...Array.from({ length: 19 }, (_, n) => n + 1),
    ]);
  });
});

describe('a collection', () => {
  it('finds rows by a field through changes, moves and deletions, in the order of their ids', () => {
    const store = open();
    const table = store.collection('kept');
    const colours = (colour: string) => table.findBy('colour', colour).map(({ id }) => id);
    for (const colour of ['red', 'blue', 'red', 'red']) table.insert({ colour });
    const before = colours('red');

    table.update(1, { colour: 'blue' });
    table.update(3, { size: 2 });
    table.delete(4);
    table.insert({ colour: 'red' });

    expect(before).toEqual([1, 3, 4]);
    expect(colours('red')).toEqual([3, 5]);
    expect(colours('blue')).toEqual([1, 2]);
    expect(table.findOneBy('colour', 'red')).toEqual({ id: 3, colour: 'red', size: 2 });
    expect([...table.newestBy('colour', 'blue')].map(({ id }) => id)).toEqual([2, 1]);
    store.close();
  });
});
