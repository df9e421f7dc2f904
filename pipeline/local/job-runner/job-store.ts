import type { JobSpec } from '../../core/ports.ts';
import type { Instant } from '../../core/run.ts';
import { type Database, migrate } from '../database.ts';
import { hasJobEnded, type JobRecord, newJob } from './job-record.ts';

const schema: readonly string[] = [
  `CREATE TABLE jobs (
     name TEXT PRIMARY KEY,
     ended INTEGER NOT NULL,
     document TEXT NOT NULL
   );
   CREATE INDEX jobs_unfinished ON jobs (ended) WHERE ended = 0;`,
];

/** The table of jobs: one JSON document each. One process writes it, so no write is conditional. */
export function createJobStore({ database }: { database: Database }) {
  migrate(database, 'jobs', schema);
  const insert = database.prepare(
    'INSERT INTO jobs (name, ended, document) VALUES (?, 0, ?) ON CONFLICT (name) DO NOTHING',
  );
  const byName = database.prepare('SELECT document FROM jobs WHERE name = ?');
  const update = database.prepare('UPDATE jobs SET ended = ?, document = ? WHERE name = ?');
  const unfinished = database.prepare('SELECT name FROM jobs WHERE ended = 0 ORDER BY rowid');

  function find(name: string): JobRecord | null {
    const row = byName.get(name) as { document: string } | undefined;
    return row === undefined ? null : JSON.parse(row.document);
  }

  return {
    /** False when there is a job of that name already. */
    insert(spec: JobSpec, at: Instant): boolean {
      return insert.run(spec.name, JSON.stringify(newJob(spec, at))).changes === 1;
    },
    find,
    get(name: string): JobRecord {
      const job = find(name);
      if (job === null) throw new Error(`There is no job ${name}.`);
      return job;
    },
    save(job: JobRecord): void {
      update.run(hasJobEnded(job) ? 1 : 0, JSON.stringify(job), job.spec.name);
    },
    /** Names of the jobs that have not ended, oldest first. */
    unfinished: () => unfinished.all().map((row) => (row as { name: string }).name),
  };
}
