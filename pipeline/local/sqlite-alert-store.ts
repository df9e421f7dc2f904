import { type Alert, isOpen } from '../core/alert/alert.ts';
import type { AlertQuery, AlertStore } from '../core/ports.ts';
import { type Database, migrate } from './database.ts';

const DEFAULT_LIMIT = 50;

/** The columns repeat what the document says, so that queries need not open it. */
const schema: readonly string[] = [
  `CREATE TABLE incidents (
     id TEXT PRIMARY KEY,
     revision INTEGER NOT NULL,
     model TEXT NOT NULL,
     kind TEXT NOT NULL,
     number INTEGER NOT NULL,
     open INTEGER NOT NULL,
     opened_at TEXT,
     document TEXT NOT NULL,
     UNIQUE (model, kind, number)
   );
   CREATE INDEX incidents_opened ON incidents (opened_at) WHERE opened_at IS NOT NULL;`,
];

/** {@link AlertStore} in SQLite: one JSON document a row, every write conditional. */
export function createSqliteAlertStore({ database }: { database: Database }): AlertStore {
  migrate(database, 'incidents', schema);
  const insert = database.prepare(
    `INSERT INTO incidents (id, revision, model, kind, number, open, opened_at, document)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    `UPDATE incidents SET revision = ?, open = ?, opened_at = ?, document = ?
     WHERE id = ? AND revision = ?`,
  );
  const byId = database.prepare('SELECT document FROM incidents WHERE id = ?');
  const newest = database.prepare(
    'SELECT document FROM incidents WHERE model = ? AND kind = ? ORDER BY number DESC LIMIT 1',
  );

  return {
    async create(alert) {
      const { id, revision, model, kind, number } = alert;
      const [open, openedAt, document] = columnsOf(alert);
      return insert.run(id, revision, model, kind, number, open, openedAt, document).changes === 1;
    },
    async replace(alert) {
      const { id, revision } = alert;
      return update.run(revision, ...columnsOf(alert), id, revision - 1).changes === 1;
    },
    async get(id) {
      return toAlert(byId.get(id));
    },
    async latest(model, kind) {
      return toAlert(newest.get(model, kind));
    },
    async list(query) {
      const { where, values } = toConditions(query);
      const sql = `SELECT document FROM incidents WHERE ${where}
        ORDER BY opened_at DESC, rowid DESC LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, query.limit ?? DEFAULT_LIMIT)
        .flatMap((row) => toAlert(row) ?? []);
    },
  };
}

function columnsOf(alert: Alert) {
  const openedAt = alert.opened?.by.at ?? null;
  return [isOpen(alert) ? 1 : 0, openedAt, JSON.stringify(alert)] as const;
}

function toConditions({ model, open }: AlertQuery) {
  const conditions: [sql: string, value: string | number][] = [];
  if (model !== undefined) conditions.push(['model = ?', model]);
  if (open !== undefined) conditions.push(['open = ?', open ? 1 : 0]);
  return {
    where: ['opened_at IS NOT NULL', ...conditions.map(([sql]) => sql)].join(' AND '),
    values: conditions.map(([, value]) => value),
  };
}

function toAlert(row: unknown): Alert | null {
  return row === undefined ? null : JSON.parse((row as { document: string }).document);
}
