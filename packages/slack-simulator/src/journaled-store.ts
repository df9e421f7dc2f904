/** Collections in memory with every write appended to a journal first, so that history, ids and ts values survive. */
import { createIndexedRows, type IndexedRows } from './indexed-rows.ts';
import { type JournalFiles, nodeFiles, openJournal } from './journal.ts';

export interface Row {
  readonly id: number;
  readonly [field: string]: unknown;
}

export interface Change {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly collection: string;
  readonly row: Row;
}

export interface Collection {
  insert(data: Record<string, unknown>): Row;
  findBy(field: string, value: unknown): Row[];
  findOneBy(field: string, value: unknown): Row | undefined;
  /** As `findBy`, the newest first, read only as far as the caller goes; write nothing meanwhile. */
  newestBy(field: string, value: unknown): Iterable<Row>;
  update(id: number, data: Record<string, unknown>): Row | undefined;
  delete(id: number): boolean;
  all(): Row[];
}

export interface JournaledStore {
  collection(name: string): Collection;
  close(): void;
}

/**
 * Journal lines written since the last compaction before another is worth its time; never fewer than
 * there are rows, so that a long history is not written anew for every few messages.
 */
const COMPACT_AFTER_LINES = 4_000;

/**
 * Opens or creates the journal at `file`. `transient` names collections that are kept in memory only.
 * `shape` may complete a row before it is stored; `onChange` receives every stored change.
 * Damaged lines are set aside at the start, with a line in the log. A write that the disk refuses
 * throws and changes nothing.
 */
export function createJournaledStore(options: {
  file: string;
  transient: ReadonlySet<string>;
  shape: (collection: string, row: Row) => Row;
  onChange: (change: Change) => void;
  log?: (line: string) => void;
  files?: JournalFiles;
  compactAfterLines?: number;
}): JournaledStore {
  const { file, transient, shape, onChange, log = () => {}, files = nodeFiles } = options;
  const { compactAfterLines = COMPACT_AFTER_LINES } = options;
  const { journal, entries, isWhole } = openJournal({ file, parse: parseLine, files, log });
  const tables = readTables(entries);
  const views = new Map<string, Collection>();
  const kept = [...tables.values()].reduce((sum, rows) => sum + rows.size, 0);
  /** Lines that hold nothing any more, or were written since the last compaction. */
  let lines = entries.length - kept;
  let worthAfter = Math.max(compactAfterLines, kept);
  // Writing a long history anew takes as long as reading it.
  if (!isWhole || lines * 2 >= kept) compact();

  function compact(): void {
    const kept: string[] = [];
    for (const [name, rows] of tables) {
      if (transient.has(name)) continue;
      for (const row of rows.all()) kept.push(JSON.stringify({ c: name, r: row }));
    }
    journal.replace(kept);
    worthAfter = Math.max(compactAfterLines, kept.length);
    lines = 0;
  }

  function append(name: string, entry: object): void {
    if (transient.has(name)) return;
    // Before the line: afterwards the row would be missing among those that are kept.
    if (lines >= worthAfter) compact();
    journal.append(JSON.stringify({ c: name, ...entry }));
    lines += 1;
  }

  function rowsOf(name: string): IndexedRows {
    const rows = tables.get(name) ?? createIndexedRows(new Map());
    tables.set(name, rows);
    return rows;
  }

  function createCollection(name: string): Collection {
    const rows = rowsOf(name);
    let nextId = (rows.all().at(-1)?.id ?? 0) + 1;
    const store = (kind: 'insert' | 'update', row: Row): Row => {
      const shaped = shape(name, row);
      append(name, { r: shaped });
      rows.put(shaped);
      onChange({ kind, collection: name, row: shaped });
      return shaped;
    };
    return {
      insert: (fields) => store('insert', { ...fields, id: nextId++ }),
      // A copy: callers change rows while they go through them.
      findBy: (field, value) => [...rows.with(field, value)],
      findOneBy: (field, value) => rows.with(field, value)[0],
      *newestBy(field, value) {
        const found = rows.with(field, value);
        for (let place = found.length - 1; place >= 0; place -= 1) {
          const row = found[place];
          if (row !== undefined) yield row;
        }
      },
      update(id, fields) {
        const existing = rows.get(id);
        return existing && store('update', { ...existing, ...fields, id });
      },
      delete(id) {
        const row = rows.get(id);
        if (!row) return false;
        append(name, { d: id });
        rows.delete(id);
        onChange({ kind: 'delete', collection: name, row });
        return true;
      },
      all: () => rows.all(),
    };
  }

  return {
    collection(name) {
      const known = views.get(name) ?? createCollection(name);
      views.set(name, known);
      return known;
    },
    close: () => journal.close(),
  };
}

interface Entry {
  readonly c: string;
  readonly r?: Row;
  /** Id of a deleted row. */
  readonly d?: number;
}

function readTables(entries: readonly Entry[]): Map<string, IndexedRows> {
  const tables = new Map<string, Map<number, Row>>();
  for (const { c, r, d } of entries) {
    const rows = tables.get(c) ?? new Map<number, Row>();
    tables.set(c, rows);
    if (r) rows.set(r.id, r);
    else if (d !== undefined) rows.delete(d);
  }
  return new Map([...tables].map(([name, rows]) => [name, createIndexedRows(inOrderOfIds(rows))]));
}

/** A row keeps the place of its first line, but damage may have taken that line. */
function inOrderOfIds(rows: ReadonlyMap<number, Row>): Map<number, Row> {
  return new Map([...rows].sort(([one], [other]) => one - other));
}

/** Null for a line that is no entry of a journal. */
function parseLine(line: string): Entry | null {
  try {
    const entry: Entry | null = JSON.parse(line);
    const isEntry = typeof entry?.c === 'string' && (entry.r === undefined || hasId(entry.r));
    return isEntry ? entry : null;
  } catch {
    return null;
  }
}

function hasId(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'number';
}
