import type { RunQuery, RunStore } from '../core/ports.ts';
import { hasEnded, type Run } from '../core/run.ts';
import { type Database, migrate } from './database.ts';

const DEFAULT_LIMIT = 50;

/** `ended` and `outcome` repeat what the document says, so that queries need not open it. */
const schema: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     revision INTEGER NOT NULL,
     model TEXT NOT NULL,
     ended INTEGER NOT NULL,
     outcome TEXT,
     created_at TEXT NOT NULL,
     document TEXT NOT NULL
   );
   CREATE INDEX runs_created ON runs (created_at);
   CREATE INDEX runs_of_model ON runs (model, created_at);
   CREATE INDEX runs_active ON runs (created_at) WHERE ended = 0;`,
];

/** Creates or updates the tables of run records; the lease table refers to them. */
export function migrateRuns(database: Database): void {
  migrate(database, 'runs', schema);
}

/** {@link RunStore} in SQLite: one JSON document a row, every write conditional. */
export function createSqliteRunStore({ database }: { database: Database }): RunStore {
  migrateRuns(database);
  const insert = database.prepare(
    `INSERT INTO runs (id, revision, model, ended, outcome, created_at, document)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const update = database.prepare(
    'UPDATE runs SET revision = ?, ended = ?, outcome = ?, document = ? WHERE id = ? AND revision = ?',
  );
  const byId = database.prepare('SELECT document FROM runs WHERE id = ?');

  return {
    async create(run) {
      const { id, revision, model, outcome, createdAt } = run;
      const ended = hasEnded(run) ? 1 : 0;
      const document = JSON.stringify(run);
      return insert.run(id, revision, model, ended, outcome, createdAt, document).changes === 1;
    },
    async get(id) {
      const row = byId.get(id);
      return row === undefined ? null : toRun(row);
    },
    async replace(run) {
      const { id, revision, outcome } = run;
      const ended = hasEnded(run) ? 1 : 0;
      const document = JSON.stringify(run);
      return update.run(revision, ended, outcome, document, id, revision - 1).changes === 1;
    },
    async list(query) {
      const { where, values } = toConditions(query);
      const sql = `SELECT document FROM runs ${where} ORDER BY created_at DESC, rowid DESC LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, query.limit ?? DEFAULT_LIMIT)
        .map(toRun);
    },
  };
}

function toConditions({ model, ended, outcome }: RunQuery) {
  const conditions: [sql: string, value: string | number][] = [];
  if (model !== undefined) conditions.push(['model = ?', model]);
  if (ended !== undefined) conditions.push(['ended = ?', ended ? 1 : 0]);
  if (outcome !== undefined) conditions.push(['outcome = ?', outcome]);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`,
    values: conditions.map(([, value]) => value),
  };
}

function toRun(row: unknown): Run {
  return JSON.parse((row as { document: string }).document);
}
