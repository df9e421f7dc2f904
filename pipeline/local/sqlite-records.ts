import { type Database, migrate } from './database.ts';

type Value = string | number | null;

export interface StoredRecord<T> {
  readonly document: T;
  readonly revision: number;
}

/** A table with the columns `id`, `revision` and `document`, and those named in `columns`. */
export interface RecordTable<T> {
  readonly database: Database;
  readonly table: string;
  /** Creates and updates the table; see {@link migrate}. */
  readonly schema: { readonly name: string; readonly steps: readonly string[] };
  /** Columns that repeat what the document says, so that queries need not open it. */
  readonly columns: Readonly<Record<string, (document: T) => Value>>;
  /** Whether an object that was parsed is a document of this table, by what every version wrote. */
  readonly isDocument?: ((value: object) => boolean) | undefined;
  /** Called once with the id of each document that cannot be used; it then counts as absent. */
  readonly onBroken?: ((id: string) => void) | undefined;
}

interface ListedRow {
  readonly id: string;
  readonly revision: number;
}

interface RecordRow {
  readonly revision: number;
  /** Null when it is known. */
  readonly document: string | null;
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

export interface RecordQuery {
  /** Columns by the value they must have; undefined does not filter. */
  readonly equal: Readonly<Record<string, Value | undefined>>;
  /** Columns that must not be null. */
  readonly present?: readonly string[];
  /** Further conditions in SQL. */
  readonly where?: readonly Condition[];
  /** The column to sort by, largest first. */
  readonly newestBy: string;
  readonly limit: number;
}

/** So many documents of a table stay parsed in memory; a record of a run takes about 10 KB there. */
const MOST_PARSED = 500;

/**
 * JSON documents with revisions in SQLite: what the stores of runs, alerts and announcements share.
 * `create` and `replace` return false, and change nothing, when another writer was first. A document
 * that did not change is the same object as before: nobody may change what is returned.
 */
export function createSqliteRecords<T>({
  database,
  table,
  schema,
  columns,
  isDocument = () => true,
  onBroken = () => {},
}: RecordTable<T>) {
  migrate(database, schema.name, schema.steps);
  const names = Object.keys(columns);
  const valuesOf = (document: T) => Object.values(columns).map((column) => column(document));
  const insert = database.prepare(
    `INSERT INTO ${table} (${['id', 'revision', 'document', ...names].join(', ')})
     VALUES (?, ?, ?${', ?'.repeat(names.length)}) ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    `UPDATE ${table} SET ${['revision', 'document', ...names].map((name) => `${name} = ?`).join(', ')}
     WHERE id = ? AND revision = ?`,
  );
  // What is known at this revision is neither read nor parsed again.
  const byId = database.prepare(
    `SELECT revision, CASE revision WHEN ? THEN NULL ELSE document END AS document
     FROM ${table} WHERE id = ?`,
  );
  const broken = new Set<string>();
  const parsed = new Map<string, StoredRecord<T>>();

  function read(id: string): StoredRecord<T> | null {
    const known = parsed.get(id);
    const row = byId.get(known?.revision ?? null, id) as RecordRow | undefined;
    if (row === undefined) return null;
    if (known !== undefined && row.document === null) return known;
    const document = parse(id, row.document ?? '');
    return document === null ? null : keep(id, { document, revision: row.revision });
  }

  /** As it was listed a moment ago. */
  function readListed({ id, revision }: ListedRow): readonly T[] {
    const known = parsed.get(id);
    const found = known?.revision === revision ? known : read(id);
    return found === null ? [] : [found.document];
  }

  function keep(id: string, record: StoredRecord<T>): StoredRecord<T> {
    parsed.delete(id);
    parsed.set(id, record);
    const [oldest] = parsed.size > MOST_PARSED ? parsed.keys() : [];
    if (oldest !== undefined) parsed.delete(oldest);
    return record;
  }

  /** Null for a document that a crash of the machine or a hand left broken; the row stays. */
  function parse(id: string, text: string): T | null {
    try {
      const document: T | null = JSON.parse(text);
      if (typeof document === 'object' && document !== null && isDocument(document))
        return document;
    } catch {
      // Counts as broken below.
    }
    if (broken.has(id)) return null;
    broken.add(id);
    onBroken(id);
    return null;
  }

  /** Broken documents take no place among the `limit`, or one would hide what lies behind it. */
  function select(sql: string, values: readonly Value[], limit: number): readonly T[] {
    const known = broken.size;
    const found = database
      .prepare(sql)
      .all(...values, limit + known)
      .flatMap((row) => readListed(row as ListedRow));
    return broken.size > known ? select(sql, values, limit) : found.slice(0, limit);
  }

  return {
    create(id: string, { document, revision }: StoredRecord<T>): boolean {
      const text = JSON.stringify(document);
      return insert.run(id, revision, text, ...valuesOf(document)).changes === 1;
    },
    /** Writes only over the revision before. */
    replace(id: string, { document, revision }: StoredRecord<T>): boolean {
      const text = JSON.stringify(document);
      return update.run(revision, text, ...valuesOf(document), id, revision - 1).changes === 1;
    },
    get: read,
    list({ equal, present = [], where = [], newestBy, limit }: RecordQuery): readonly T[] {
      const filters = Object.entries(equal).filter(([, value]) => value !== undefined);
      const conditions = [
        ...filters.map(([name]) => `${name} = ?`),
        ...present.map((name) => `${name} IS NOT NULL`),
        ...where.map(({ sql }) => sql),
      ];
      const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
      return select(
        `SELECT id, revision FROM ${table} ${clause} ORDER BY ${newestBy} DESC, rowid DESC LIMIT ?`,
        [
          ...filters.flatMap(([, value]) => (value === undefined ? [] : [value])),
          ...where.flatMap(({ values }) => values),
        ],
        limit,
      );
    },
  };
}

/** A boolean as SQLite keeps it; undefined stays, and so does not filter. */
export function toInteger(flag: boolean): number;
export function toInteger(flag: boolean | undefined): number | undefined;
export function toInteger(flag: boolean | undefined): number | undefined {
  return flag === undefined ? undefined : Number(flag);
}
