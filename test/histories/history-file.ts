import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EndpointConfig, JobSpec } from '../../pipeline/core/ports.ts';
import type { Database } from '../../pipeline/local/database.ts';

/** What a version left behind: its stores and files, and what went on outside of the process. */
export interface History {
  readonly runId: string;
  /** When it was left, in ISO 8601. */
  readonly at: string;
  readonly jobs: readonly JobSpec[];
  readonly endpoint: {
    readonly live: EndpointConfig | null;
    readonly pending: EndpointConfig | null;
  };
  /** Artifacts by key. */
  readonly files: Readonly<Record<string, string>>;
  /** Statements that make the database. */
  readonly sql: readonly string[];
}

export function readHistory(file: string): History {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function writeHistory(file: string, history: History): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(history, null, 1)}\n`);
}

/** The database as statements, in an order in which they can be executed. */
export function dump(database: Database): readonly string[] {
  const made = database
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC, rowid",
    )
    .all() as readonly { readonly type: string; readonly name: string; readonly sql: string }[];
  const rows = made
    .filter(({ type }) => type === 'table')
    .flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map(
          (row) => `INSERT INTO "${name}" VALUES (${Object.values(row as object).map(literal)})`,
        ),
    );
  const tables = made.filter(({ type }) => type === 'table').map(({ sql }) => sql);
  const others = made.filter(({ type }) => type !== 'table').map(({ sql }) => sql);
  return [...tables, ...rows, ...others];
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  throw new Error(`A column holds ${typeof value}.`);
}

/** The text files of a folder by their path in it. */
export function readFiles(root: string): Readonly<Record<string, string>> {
  if (!existsSync(root)) return {};
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), readFileSync(path, 'utf8')] as const;
      })
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

export function writeFiles(root: string, files: History['files']): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
