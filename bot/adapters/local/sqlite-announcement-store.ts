import type { Database } from '../../../pipeline/local/database.ts';
import { createSqliteRecords } from '../../../pipeline/local/sqlite-records.ts';
import type { Announcement, AnnouncementStore } from '../../announcer/announcement-store.ts';

const schema = {
  name: 'announcements',
  steps: [
    'CREATE TABLE announcements (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL)',
    'ALTER TABLE announcements RENAME COLUMN body TO document',
  ],
} as const;

/** {@link AnnouncementStore} in SQLite: a restart of the local app posts nothing twice. */
export function createSqliteAnnouncementStore({
  database,
}: {
  readonly database: Database;
}): AnnouncementStore {
  const records = createSqliteRecords<Announcement>({
    database,
    table: 'announcements',
    schema,
    columns: {},
  });

  return {
    async get(id) {
      const found = records.get(id);
      return found === null ? null : { announcement: found.document, revision: found.revision };
    },
    async put(id, announcement, expectedRevision) {
      const record = { document: announcement, revision: expectedRevision + 1 };
      return expectedRevision === 0 ? records.create(id, record) : records.replace(id, record);
    },
  };
}
