import { MlopsError } from '../core/errors.ts';
import type { ModelRegistry, RegisteredVersion } from '../core/ports.ts';
import { type Database, migrate, transact } from './database.ts';

const schema: readonly string[] = [
  `CREATE TABLE model_versions (
     model TEXT NOT NULL,
     version INTEGER NOT NULL,
     run_id TEXT NOT NULL UNIQUE,
     approval TEXT NOT NULL,
     approval_note TEXT,
     entry TEXT NOT NULL,
     PRIMARY KEY (model, version)
   )`,
  'ALTER TABLE model_versions ADD COLUMN rolled_back_by TEXT',
];

interface VersionRow {
  version: number;
  run_id: string;
  approval: RegisteredVersion['approval'];
  approval_note: string | null;
  rolled_back_by: string | null;
  entry: string;
}

/**
 * {@link ModelRegistry} in SQLite. Versions are never deleted, so a number is never used again. An
 * entry that cannot be read counts as absent, and `onBroken` hears of it once.
 */
export function createSqliteModelRegistry({
  database,
  onBroken = () => {},
}: {
  readonly database: Database;
  readonly onBroken?: (version: string) => void;
}): ModelRegistry {
  migrate(database, 'registry', schema);
  const columns = 'version, run_id, approval, approval_note, rolled_back_by, entry';
  const byRun = database.prepare(`SELECT ${columns} FROM model_versions WHERE run_id = ?`);
  const byVersion = database.prepare(
    `SELECT ${columns} FROM model_versions WHERE model = ? AND version = ?`,
  );
  const byModel = database.prepare(
    `SELECT ${columns} FROM model_versions WHERE model = ?1 AND (?2 IS NULL OR version < ?2)
     ORDER BY version DESC LIMIT ?3`,
  );
  const insert = database.prepare(
    `INSERT INTO model_versions (model, version, run_id, approval, entry)
     SELECT ?1, coalesce(max(version), 0) + 1, ?2, 'PendingManualApproval', ?3
     FROM model_versions WHERE model = ?1`,
  );
  const update = database.prepare(
    'UPDATE model_versions SET approval = ?, approval_note = ? WHERE model = ? AND version = ?',
  );

  const mark = database.prepare(
    'UPDATE model_versions SET rolled_back_by = ? WHERE model = ? AND version = ?',
  );
  const unknown = (model: string, version: number) =>
    new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`);
  const broken = new Set<string>();

  function read(row: unknown): RegisteredVersion | null {
    try {
      return toVersion(row);
    } catch {
      const { run_id } = row as VersionRow;
      if (!broken.has(run_id)) onBroken(run_id);
      broken.add(run_id);
      return null;
    }
  }

  return {
    async register(entry) {
      return transact(database, () => {
        const known = byRun.get(entry.runId);
        if (known === undefined) insert.run(entry.model, entry.runId, JSON.stringify(entry));
        return toVersion(known ?? byRun.get(entry.runId));
      });
    },
    async get(model, version) {
      const row = byVersion.get(model, version);
      return row === undefined ? null : read(row);
    },
    async list(model, { below = null, limit = -1 } = {}) {
      // SQLite takes a negative limit for none.
      return byModel.all(model, below, limit).flatMap((row) => read(row) ?? []);
    },
    async setApproval(model, version, approval, note) {
      if (update.run(approval, note, model, version).changes === 1) return;
      throw unknown(model, version);
    },
    async setRolledBack(model, version, by) {
      if (mark.run(by, model, version).changes === 1) return;
      throw unknown(model, version);
    },
  };
}

function toVersion(value: unknown): RegisteredVersion {
  const row = value as VersionRow;
  return {
    ...JSON.parse(row.entry),
    version: row.version,
    approval: row.approval,
    approvalNote: row.approval_note,
    lastChangeInStudio: null,
    rolledBackBy: row.rolled_back_by,
  };
}
