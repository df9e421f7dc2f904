import type { JobSpec } from '../../core/ports.ts';
import type { Instant } from '../../core/run.ts';
import { type Database, migrate } from '../database.ts';
import type { Log } from '../log.ts';
import { after } from '../timers.ts';
import { hasJobEnded, type JobRecord, newJob } from './job-record.ts';

const schema: readonly string[] = [
  `CREATE TABLE jobs (
     name TEXT PRIMARY KEY,
     ended INTEGER NOT NULL,
     document TEXT NOT NULL
   );
   CREATE INDEX jobs_unfinished ON jobs (ended) WHERE ended = 0;`,
];

/** Between two tries to store what the database refused. */
const RETRY_SECONDS = 5;

/**
 * The table of jobs: one JSON document each. One process writes it, so no write is conditional.
 * A change that cannot be stored, on a full disk, counts at once and is stored later: the process of
 * a job goes on meanwhile. `kill -9` before that loses it, and the next start repeats the attempt.
 */
export function createJobStore(options: {
  readonly database: Database;
  readonly log?: Log;
  readonly retrySeconds?: number;
}) {
  const { database, log = () => {}, retrySeconds = RETRY_SECONDS } = options;
  migrate(database, 'jobs', schema);
  const insert = database.prepare(
    'INSERT INTO jobs (name, ended, document) VALUES (?, 0, ?) ON CONFLICT (name) DO NOTHING',
  );
  const byName = database.prepare('SELECT document FROM jobs WHERE name = ?');
  const update = database.prepare('UPDATE jobs SET ended = ?, document = ? WHERE name = ?');
  const unfinished = database.prepare('SELECT name FROM jobs WHERE ended = 0 ORDER BY rowid');

  const unsaved = new Map<string, JobRecord>();
  let cancelRetry: (() => void) | null = null;

  function write(job: JobRecord): void {
    update.run(hasJobEnded(job) ? 1 : 0, JSON.stringify(job), job.spec.name);
    unsaved.delete(job.spec.name);
  }

  function writeUnsaved(): void {
    cancelRetry = null;
    try {
      for (const job of unsaved.values()) write(job);
      log({ message: 'The states of jobs are stored again.' });
    } catch {
      cancelRetry = after(retrySeconds, writeUnsaved);
    }
  }

  function find(name: string): JobRecord | null {
    const waiting = unsaved.get(name);
    if (waiting !== undefined) return waiting;
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
      try {
        write(job);
      } catch (error) {
        unsaved.set(job.spec.name, job);
        if (cancelRetry !== null) return;
        log({
          message: 'The state of a job could not be stored and is kept in memory.',
          about: job.spec.name,
          error,
        });
        cancelRetry = after(retrySeconds, writeUnsaved);
      }
    },
    /** Names of the jobs that have not ended, oldest first. */
    unfinished: () => unfinished.all().map((row) => (row as { name: string }).name),
    /** Stores what is still unsaved, if the database takes it now. */
    close(): void {
      cancelRetry?.();
      if (unsaved.size > 0) writeUnsaved();
      cancelRetry?.();
    },
  };
}
