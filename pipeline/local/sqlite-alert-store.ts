import { type Alert, isOpen } from '../core/alert/alert.ts';
import type { AlertStore } from '../core/ports.ts';
import type { Database } from './database.ts';
import { createSqliteRecords, toInteger } from './sqlite-records.ts';

const DEFAULT_LIMIT = 50;

/** Alerts used to be called incidents; a schema keeps the name it began with. */
const schema = {
  name: 'incidents',
  steps: [
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
    `ALTER TABLE incidents RENAME TO alerts;
     DROP INDEX incidents_opened;
     CREATE INDEX alerts_opened ON alerts (opened_at) WHERE opened_at IS NOT NULL;`,
    `DROP INDEX alerts_opened;
     CREATE INDEX alerts_opened ON alerts (opened_at);
     CREATE INDEX alerts_of_state ON alerts (open, opened_at);
     CREATE INDEX alerts_of_model_state ON alerts (model, open, opened_at);`,
  ],
} as const;

/** {@link AlertStore} in SQLite. */
export function createSqliteAlertStore({ database }: { database: Database }): AlertStore {
  const records = createSqliteRecords<Alert>({
    database,
    table: 'alerts',
    schema,
    columns: {
      model: (alert) => alert.model,
      kind: (alert) => alert.kind,
      number: (alert) => alert.number,
      open: (alert) => toInteger(isOpen(alert)),
      opened_at: (alert) => alert.opened?.by.at ?? null,
    },
  });

  return {
    create: async (alert) =>
      records.create(alert.id, { document: alert, revision: alert.revision }),
    replace: async (alert) =>
      records.replace(alert.id, { document: alert, revision: alert.revision }),
    get: async (id) => records.get(id)?.document ?? null,
    latest: async (model, kind) =>
      records.list({ equal: { model, kind }, newestBy: 'number', limit: 1 })[0] ?? null,
    list: async ({ model, open, limit = DEFAULT_LIMIT }) =>
      records.list({
        equal: { model, open: toInteger(open) },
        present: ['opened_at'],
        newestBy: 'opened_at',
        limit,
      }),
  };
}
