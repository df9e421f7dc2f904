import type { Database } from '../../../pipeline/local/database.ts';
import { createSqliteRecords } from '../../../pipeline/local/sqlite-records.ts';
import type { Preference, PreferenceStore } from '../../web-api/preference-store.ts';

const schema = {
  name: 'preferences',
  steps: [
    'CREATE TABLE preferences (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, document TEXT NOT NULL)',
  ],
} as const;

/** {@link PreferenceStore} in SQLite. */
export function createSqlitePreferenceStore({
  database,
}: {
  readonly database: Database;
}): PreferenceStore {
  const table = { database, table: 'preferences', schema, columns: {} };
  const records = createSqliteRecords<Preference>(table);
  return {
    async get(userId) {
      const found = records.get(userId);
      return found && { preference: found.document, revision: found.revision };
    },
    async put(userId, preference, expectedRevision) {
      const record = { document: preference, revision: expectedRevision + 1 };
      return expectedRevision === 0
        ? records.create(userId, record)
        : records.replace(userId, record);
    },
  };
}
