import type { RunQuery, RunStore } from '../core/ports.ts';
import { deployedVersion, hasEnded, type Run } from '../core/run.ts';
import { type Database, migrate } from './database.ts';

const DEFAULT_LIMIT = 50;

/** `ended` and `deployed` repeat what the document says, so that queries need not open it. */
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
  `ALTER TABLE runs DROP COLUMN outcome;
   ALTER TABLE runs ADD COLUMN deployed INTEGER;
   UPDATE runs SET deployed = document ->> '$.deployment.to'
     WHERE document ->> '$.deployment.verifiedAt' IS NOT NULL
       AND document ->> '$.deployment.revertedAt' IS NULL;
   CREATE INDEX runs_deployed ON runs (model, created_at) WHERE deployed IS NOT NULL;`,
];

/** Creates or updates the tables of run records; the lease table refers to them. */
export function migrateRuns(database: Database): void {
  migrate(database, 'runs', schema);
}

/** {@link RunStore} in SQLite: one JSON document a row, every write conditional. */
export function createSqliteRunStore({ database }: { database: Database }): RunStore {
  migrateRuns(database);
  const insert = database.prepare(
    `INSERT INTO runs (id, revision, model, ended, deployed, created_at, document)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const update = database.prepare(
    'UPDATE runs SET revision = ?, ended = ?, deployed = ?, document = ? WHERE id = ? AND revision = ?',
  );
  const byId = database.prepare('SELECT document FROM runs WHERE id = ?');

  return {
    async create(run) {
      const { id, revision, model, createdAt } = run;
      const ended = hasEnded(run) ? 1 : 0;
      const deployed = deployedVersion(run);
      const document = JSON.stringify(run);
      return insert.run(id, revision, model, ended, deployed, createdAt, document).changes === 1;
    },
    async get(id) {
      const row = byId.get(id);
      return row === undefined ? null : toRun(row);
    },
    async replace(run) {
      const { id, revision } = run;
      const ended = hasEnded(run) ? 1 : 0;
      const deployed = deployedVersion(run);
      const document = JSON.stringify(run);
      return update.run(revision, ended, deployed, document, id, revision - 1).changes === 1;
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

function toConditions({ model, ended, deployed }: RunQuery) {
  const conditions: [sql: string, ...values: (string | number)[]][] = [];
  if (model !== undefined) conditions.push(['model = ?', model]);
  if (ended !== undefined) conditions.push(['ended = ?', ended ? 1 : 0]);
  if (deployed) conditions.push(['deployed IS NOT NULL']);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`,
    values: conditions.flatMap(([, ...values]) => values),
  };
}

function toRun(row: unknown): Run {
  return JSON.parse((row as { document: string }).document);
}
