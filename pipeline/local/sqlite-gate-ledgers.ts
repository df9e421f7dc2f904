import type { GateLedger } from '../core/gate/ledger.ts';
import type { GateLedgers } from '../core/ports.ts';
import type { Database } from './database.ts';
import { createSqliteRecords } from './sqlite-records.ts';

const schema = {
  name: 'gate_ledgers',
  steps: [
    `CREATE TABLE gate_ledgers (
       id TEXT PRIMARY KEY,
       revision INTEGER NOT NULL,
       document TEXT NOT NULL
     )`,
  ],
} as const;

/** {@link GateLedgers} in SQLite. */
export function createSqliteGateLedgers({ database }: { database: Database }): GateLedgers {
  const records = createSqliteRecords<GateLedger>({
    database,
    table: 'gate_ledgers',
    schema,
    columns: {},
  });

  return {
    get: async (model) => records.get(model)?.document ?? null,
    put: async (ledger) => {
      const record = { document: ledger, revision: ledger.revision };
      return ledger.revision === 1
        ? records.create(ledger.model, record)
        : records.replace(ledger.model, record);
    },
  };
}
