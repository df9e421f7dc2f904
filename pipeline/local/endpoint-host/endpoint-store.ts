import type { EndpointConfig } from '../../core/ports.ts';
import { type Database, migrate, transact } from '../database.ts';
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

export type EndpointStore = ReturnType<typeof createEndpointStore>;

/** Endpoints, their immutable configurations, and the processes and port of this host. */
export function createEndpointStore({ database }: { database: Database }) {
  migrate(database, 'endpoints', schema);
  const sql = {
    endpoint: database.prepare('SELECT document FROM endpoints WHERE name = ?'),
    endpoints: database.prepare('SELECT document FROM endpoints ORDER BY name'),
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
      `INSERT INTO endpoint_processes (pid, started_at) VALUES (?, ?)
       ON CONFLICT (pid) DO UPDATE SET started_at = excluded.started_at`,
    ),
    removeProcess: database.prepare('DELETE FROM endpoint_processes WHERE pid = ?'),
    processes: database.prepare('SELECT pid, started_at FROM endpoint_processes'),
    port: database.prepare('SELECT actual FROM endpoint_ports WHERE requested = ?'),
    setPort: database.prepare(
      `INSERT INTO endpoint_ports (requested, actual) VALUES (?, ?)
       ON CONFLICT (requested) DO UPDATE SET actual = excluded.actual`,
    ),
  };

  function find(endpointName: string): EndpointRecord | null {
    const row = sql.endpoint.get(endpointName) as { document: string } | undefined;
    return row === undefined ? null : JSON.parse(row.document);
  }

  return {
    find,
    get(endpointName: string): EndpointRecord {
      const record = find(endpointName);
      if (record === null) throw new Error(`There is no endpoint ${endpointName}.`);
      return record;
    },
    list: (): readonly EndpointRecord[] =>
      sql.endpoints.all().map((row) => JSON.parse((row as { document: string }).document)),
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
    config(configName: string): StoredConfig | null {
      const row = sql.config.get(configName) as
        | { document: string; sha256: string | null }
        | undefined;
      return row === undefined ? null : { config: JSON.parse(row.document), sha256: row.sha256 };
    },
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
    addProcess({ pid, startedAt }: ProcessIdentity): void {
      sql.addProcess.run(pid, startedAt);
    },
    removeProcess(pid: number): void {
      sql.removeProcess.run(pid);
    },
    processes: (): readonly ProcessIdentity[] =>
      sql.processes.all().map((row) => {
        const { pid, started_at } = row as { pid: number; started_at: string };
        return { pid, startedAt: started_at };
      }),
    port: (requested: number): number | null =>
      (sql.port.get(requested) as { actual: number } | undefined)?.actual ?? null,
    setPort(requested: number, actual: number): void {
      sql.setPort.run(requested, actual);
    },
  };
}
