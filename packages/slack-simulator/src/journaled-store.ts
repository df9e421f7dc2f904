/**
 * Collections in memory with every write appended to a journal first, so that history, ids and ts values
 * survive `kill -9`.
 *
 * Written without fsync: it outlives the process, not a power cut. One process per journal.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

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
  update(id: number, data: Record<string, unknown>): Row | undefined;
  delete(id: number): boolean;
  all(): Row[];
}

export interface JournaledStore {
  collection(name: string): Collection;
  close(): void;
}

/** Journal lines written since the last compaction before another is worth its time. */
const COMPACT_AFTER_LINES = 4_000;

/**
 * Opens or creates the journal at `file`. `transient` names collections that are kept in memory only.
 * `shape` may complete a row before it is stored; `onChange` receives every stored change.
 * A torn last line (a crash while writing) is dropped; any other broken line throws.
 */
export function createJournaledStore(options: {
  file: string;
  transient: ReadonlySet<string>;
  shape: (collection: string, row: Row) => Row;
  onChange: (change: Change) => void;
}): JournaledStore {
  const { file, transient, shape, onChange } = options;
  const tables = readJournal(file);
  const views = new Map<string, Collection>();
  let lines = 0;
  let journal = compact();

  function compact(): number {
    mkdirSync(dirname(file), { recursive: true });
    const kept: string[] = [];
    for (const [name, rows] of tables) {
      if (transient.has(name)) continue;
      for (const row of rows.values()) kept.push(`${JSON.stringify({ c: name, r: row })}\n`);
    }
    writeFileSync(`${file}.next`, kept.join(''), { mode: 0o600 });
    renameSync(`${file}.next`, file);
    lines = 0;
    return openSync(file, 'a');
  }

  function append(name: string, entry: object): void {
    if (transient.has(name)) return;
    writeSync(journal, `${JSON.stringify({ c: name, ...entry })}\n`);
    lines += 1;
    if (lines < COMPACT_AFTER_LINES) return;
    closeSync(journal);
    journal = compact();
  }

  function rowsOf(name: string): Map<number, Row> {
    const rows = tables.get(name) ?? new Map<number, Row>();
    tables.set(name, rows);
    return rows;
  }

  function createCollection(name: string): Collection {
    const rows = rowsOf(name);
    let nextId = Math.max(0, ...rows.keys()) + 1;
    const store = (kind: 'insert' | 'update', row: Row): Row => {
      const shaped = shape(name, row);
      append(name, { r: shaped });
      rows.set(shaped.id, shaped);
      onChange({ kind, collection: name, row: shaped });
      return shaped;
    };
    const findBy = (field: string, value: unknown): Row[] =>
      [...rows.values()].filter((row) => row[field] === value);
    return {
      insert: (fields) => store('insert', { ...fields, id: nextId++ }),
      findBy,
      findOneBy: (field, value) => findBy(field, value)[0],
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
      all: () => [...rows.values()],
    };
  }

  return {
    collection(name) {
      const known = views.get(name) ?? createCollection(name);
      views.set(name, known);
      return known;
    },
    close: () => closeSync(journal),
  };
}

function readJournal(file: string): Map<string, Map<number, Row>> {
  const tables = new Map<string, Map<number, Row>>();
  if (!existsSync(file)) return tables;
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last newline is empty, or a line that a crash left unfinished.
  lines.pop();
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line, file, index + 1);
    const rows = tables.get(entry.c) ?? new Map<number, Row>();
    tables.set(entry.c, rows);
    if (entry.r) rows.set(entry.r.id, entry.r);
    else if (entry.d !== undefined) rows.delete(entry.d);
  }
  return tables;
}

function parseLine(line: string, file: string, number: number): { c: string; r?: Row; d?: number } {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(
      `The workspace journal is damaged at ${file}:${number}. Move that file away to start with an empty workspace.`,
      { cause },
    );
  }
}
