import type { RunQuery, RunStore } from '../core/ports.ts';
import { deployedVersion, hasEnded, isRun, type Run } from '../core/run.ts';
import { type Database, migrate } from './database.ts';
import { type Condition, createSqliteRecords, toInteger } from './sqlite-records.ts';

const DEFAULT_LIMIT = 50;

const steps: readonly string[] = [
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
  // A partial index on one state is not used for a value that is bound later.
  `DROP INDEX runs_active;
   CREATE INDEX runs_of_state ON runs (ended, created_at);
   CREATE INDEX runs_of_model_state ON runs (model, ended, created_at);`,
];

const schema = { name: 'runs', steps };

/** Creates or updates the tables of run records; the lease table refers to them. */
export function migrateRuns(database: Database): void {
  migrate(database, schema.name, schema.steps);
}

/** {@link RunStore} in SQLite. */
export function createSqliteRunStore({
  database,
  onBroken,
}: {
  readonly database: Database;
  /** Called once with the id of each run whose record cannot be used; it then counts as absent. */
  readonly onBroken?: (id: string) => void;
}): RunStore {
  migrateRuns(database);
  const end = database.prepare('UPDATE runs SET ended = 1 WHERE id = ?');

  function setAside(id: string): void {
    onBroken?.(id);
    try {
      // The lease of its model would otherwise be held for ever.
      end.run(id);
    } catch {
      // On a full disk; the next start does it.
    }
  }

  const records = createSqliteRecords<Run>({
    database,
    table: 'runs',
    schema,
    isDocument: isRun,
    onBroken: setAside,
    columns: {
      model: (run) => run.model,
      ended: (run) => toInteger(hasEnded(run)),
      deployed: deployedVersion,
      created_at: (run) => run.createdAt,
    },
  });

  return {
    create: async (run) => records.create(run.id, { document: run, revision: run.revision }),
    get: async (id) => records.get(id)?.document ?? null,
    replace: async (run) => records.replace(run.id, { document: run, revision: run.revision }),
    list: async (query) => {
      const { model, ended, deployed, limit = DEFAULT_LIMIT } = query;
      return records.list({
        equal: { model, ended: toInteger(ended) },
        present: deployed ? ['deployed'] : [],
        where: rangeOf(query),
        newestBy: 'created_at',
        limit,
      });
    },
  };
}

function rangeOf({ createdFrom, createdBefore, after }: RunQuery): readonly Condition[] {
  return [
    ...(createdFrom === undefined ? [] : [{ sql: 'created_at >= ?', values: [createdFrom] }]),
    ...(createdBefore === undefined ? [] : [{ sql: 'created_at < ?', values: [createdBefore] }]),
    ...(after === undefined
      ? []
      : [
          {
            sql: '(created_at, rowid) < (?, (SELECT rowid FROM runs WHERE id = ?))',
            values: [after.createdAt, after.id],
          },
        ]),
  ];
}
