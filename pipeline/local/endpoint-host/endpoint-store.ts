import type { EndpointConfig } from '../../core/ports.ts';
import { type Database, migrate, transact } from '../database.ts';
import type { Log } from '../log.ts';
import type { ProcessIdentity } from '../processes.ts';

const schema: readonly string[] = [
  `CREATE TABLE endpoints (
     name TEXT PRIMARY KEY,
     document TEXT NOT NULL
   );
   CREATE TABLE endpoint_configs (
     position INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     endpoint TEXT NOT NULL,
     document TEXT NOT NULL,
     -- SHA-256 of the archive when it was first deployed.
     sha256 TEXT
   );
   CREATE TABLE endpoint_processes (
     pid INTEGER PRIMARY KEY,
     started_at TEXT NOT NULL
   );
   CREATE TABLE endpoint_ports (
     requested INTEGER PRIMARY KEY,
     actual INTEGER NOT NULL
   );`,
  'ALTER TABLE endpoint_processes ADD COLUMN mark TEXT;',
];

/** What is stored about an endpoint; whether its server runs is known to the process only. */
export interface EndpointRecord {
  readonly endpointName: string;
  /** Name of the configuration in service. */
  readonly live: string | null;
  /** Name of the configuration that is to come into service. */
  readonly pending: string | null;
  readonly failureReason: string | null;
  readonly startSeconds: number | null;
  readonly invocations: number;
  readonly serverErrors: number;
}

export interface StoredConfig {
  readonly config: EndpointConfig;
  readonly sha256: string | null;
}

interface ProcessRow {
  readonly pid: number;
  readonly started_at: string;
  readonly mark: string | null;
}

const DAMAGED = 'The record of this endpoint is damaged.';

export type EndpointStore = ReturnType<typeof createEndpointStore>;

/**
 * Endpoints, their immutable configurations, and the processes and port of this host. A damaged
 * configuration counts as absent, a damaged record as an endpoint that serves nothing.
 */
export function createEndpointStore({
  database,
  log = () => {},
}: {
  database: Database;
  log?: Log;
}) {
  migrate(database, 'endpoints', schema);
  const broken = new Set<string>();
  const sql = {
    endpoint: database.prepare('SELECT name, document FROM endpoints WHERE name = ?'),
    endpoints: database.prepare('SELECT name, document FROM endpoints ORDER BY name'),
    save: database.prepare(
      `INSERT INTO endpoints (name, document) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET document = excluded.document`,
    ),
    addConfig: database.prepare(
      `INSERT INTO endpoint_configs (name, endpoint, document) VALUES (?, ?, ?)
       ON CONFLICT (name) DO NOTHING`,
    ),
    remove: database.prepare('DELETE FROM endpoints WHERE name = ?'),
    config: database.prepare('SELECT document, sha256 FROM endpoint_configs WHERE name = ?'),
    setSha256: database.prepare('UPDATE endpoint_configs SET sha256 = ? WHERE name = ?'),
    digests: database.prepare('SELECT DISTINCT sha256 FROM endpoint_configs'),
    prune: database.prepare(
      `DELETE FROM endpoint_configs WHERE endpoint = ?1 AND name NOT IN (?2, ?3) AND position NOT IN
         (SELECT position FROM endpoint_configs WHERE endpoint = ?1 ORDER BY position DESC LIMIT ?4)`,
    ),
    addProcess: database.prepare(
      `INSERT INTO endpoint_processes (pid, started_at, mark) VALUES (?, ?, ?)
       ON CONFLICT (pid) DO UPDATE SET started_at = excluded.started_at, mark = excluded.mark`,
    ),
    removeProcess: database.prepare('DELETE FROM endpoint_processes WHERE pid = ?'),
    processes: database.prepare('SELECT pid, started_at, mark FROM endpoint_processes'),
    port: database.prepare('SELECT actual FROM endpoint_ports WHERE requested = ?'),
    setPort: database.prepare(
      `INSERT INTO endpoint_ports (requested, actual) VALUES (?, ?)
       ON CONFLICT (requested) DO UPDATE SET actual = excluded.actual`,
    ),
  };

  function findConfig(configName: string): StoredConfig | null {
    const row = sql.config.get(configName) as
      | { document: string; sha256: string | null }
      | undefined;
    const config = row === undefined ? null : parse<EndpointConfig>(row.document);
    return row === undefined || config === null ? null : { config, sha256: row.sha256 };
  }

  function read(row: unknown): EndpointRecord {
    const { name, document } = row as { name: string; document: string };
    const record = parse<EndpointRecord>(document);
    const isWhole = record?.endpointName === name && record.live !== undefined;
    const configs = isWhole ? [record.live, record.pending] : [];
    if (isWhole && configs.every((each) => each === null || findConfig(each) !== null))
      return record;
    if (!broken.has(name)) log({ about: name, message: `${DAMAGED} It serves nothing.` });
    broken.add(name);
    return {
      endpointName: name,
      live: null,
      pending: null,
      failureReason: DAMAGED,
      startSeconds: null,
      invocations: 0,
      serverErrors: 0,
    };
  }

  function find(endpointName: string): EndpointRecord | null {
    const row = sql.endpoint.get(endpointName);
    return row === undefined ? null : read(row);
  }

  return {
    find,
    get(endpointName: string): EndpointRecord {
      const record = find(endpointName);
      if (record === null) throw new Error(`There is no endpoint ${endpointName}.`);
      return record;
    },
    list: (): readonly EndpointRecord[] => sql.endpoints.all().map(read),
    save(record: EndpointRecord): void {
      sql.save.run(record.endpointName, JSON.stringify(record));
    },
    remove(endpointName: string): void {
      sql.remove.run(endpointName);
    },
    /** Keeps the configuration, unless one of that name is there, and makes it the pending one. */
    request(config: EndpointConfig): void {
      const fresh = { live: null, invocations: 0, serverErrors: 0 };
      transact(database, () => {
        sql.addConfig.run(config.configName, config.endpointName, JSON.stringify(config));
        const record: EndpointRecord = {
          ...(find(config.endpointName) ?? fresh),
          endpointName: config.endpointName,
          pending: config.configName,
          failureReason: null,
          startSeconds: null,
        };
        sql.save.run(record.endpointName, JSON.stringify(record));
      });
    },
    config: findConfig,
    setSha256(configName: string, sha256: string): void {
      sql.setSha256.run(sha256, configName);
    },
    /** Forgets all but the newest `keep`, the live and the pending configuration. */
    prune({ endpointName, live, pending }: EndpointRecord, keep: number): void {
      sql.prune.run(endpointName, live ?? '', pending ?? '', keep);
    },
    /** Digests of the archives that some configuration still names. */
    digests: (): readonly (string | null)[] =>
      sql.digests.all().map((row) => (row as { sha256: string | null }).sha256),
    addProcess({ pid, startedAt, mark }: ProcessIdentity): void {
      sql.addProcess.run(pid, startedAt, mark ?? null);
    },
    removeProcess(pid: number): void {
      sql.removeProcess.run(pid);
    },
    processes: (): readonly ProcessIdentity[] =>
      sql.processes.all().map((row) => {
        const { pid, started_at, mark } = row as ProcessRow;
        return { pid, startedAt: started_at, ...(mark === null ? {} : { mark }) };
      }),
    port: (requested: number): number | null =>
      (sql.port.get(requested) as { actual: number } | undefined)?.actual ?? null,
    setPort(requested: number, actual: number): void {
      sql.setPort.run(requested, actual);
    },
  };
}

/** Null for anything that is no JSON object. */
function parse<T extends object>(document: string): T | null {
  try {
    const value: T | null = JSON.parse(document);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
