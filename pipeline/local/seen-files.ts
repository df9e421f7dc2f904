import type { Stats } from 'node:fs';
import { type Database, migrate } from './database.ts';

const schema: readonly string[] = [
  `CREATE TABLE inbox_files (
     path TEXT PRIMARY KEY,
     bytes INTEGER NOT NULL,
     modified_at REAL NOT NULL
   )`,
];

/** Which files of the inbox were handled, by path, size and time of the last change. */
export function createSeenFiles({ database }: { database: Database }) {
  migrate(database, 'inbox', schema);
  const find = database.prepare('SELECT bytes, modified_at FROM inbox_files WHERE path = ?');
  const upsert = database.prepare(
    `INSERT INTO inbox_files (path, bytes, modified_at) VALUES (?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, modified_at = excluded.modified_at`,
  );
  return {
    has(path: string, { size, mtimeMs }: Stats): boolean {
      const row = find.get(path) as { bytes: number; modified_at: number } | undefined;
      return row?.bytes === size && row.modified_at === mtimeMs;
    },
    add(path: string, { size, mtimeMs }: Stats): void {
      upsert.run(path, size, mtimeMs);
    },
  };
}
