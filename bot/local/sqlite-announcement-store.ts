import { type Database, migrate } from '../../pipeline/local/database.ts';
import type { Announcement, AnnouncementStore } from '../announcer/announcement-store.ts';

interface Row {
  readonly revision: number;
  readonly body: string;
}

/** What Slack has been told, in the database of the local world: a restart posts nothing twice. */
export function createSqliteAnnouncementStore({
  database,
}: {
  readonly database: Database;
}): AnnouncementStore {
  migrate(database, 'announcements', [
    'CREATE TABLE announcements (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL)',
  ]);
  const select = database.prepare('SELECT revision, body FROM announcements WHERE id = ?');
  const insert = database.prepare(
    'INSERT INTO announcements VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING',
  );
  const update = database.prepare(
    'UPDATE announcements SET revision = revision + 1, body = ? WHERE id = ? AND revision = ?',
  );

  return {
    async get(id) {
      const row = select.get(id) as Row | undefined;
      if (row === undefined) return null;
      return { announcement: JSON.parse(row.body) as Announcement, revision: row.revision };
    },
    async put(id, announcement, expectedRevision) {
      const body = JSON.stringify(announcement);
      const { changes } =
        expectedRevision === 0 ? insert.run(id, body) : update.run(body, id, expectedRevision);
      return changes === 1;
    },
  };
}
