import type { Standing } from './dataset.ts';
import type { Dataset, Instant, Run } from './run.ts';

export type { Standing } from './dataset.ts';

/** A dataset that an earlier run used. */
export interface KnownDataset {
  readonly dataset: Dataset;
  readonly usedAt: Instant;
  /** Usable rows; null when it has not been checked yet. */
  readonly rows: number | null;
  readonly standing: Standing;
}

/** Whether a retrain takes it without being told to. */
export const isTrusted = ({ standing, rows }: KnownDataset): boolean =>
  rows !== null && (standing === 'good' || standing === 'untested');

/** The datasets of runs given newest first, each once, by their last use. */
export function datasetsOf(runs: readonly Run[]): readonly KnownDataset[] {
  const known = new Map<string, KnownDataset>();
  const settled = new Set<string>();
  for (const run of runs) {
    const { dataset, prepared, createdAt } = run;
    if (dataset === null || run.kind !== 'retrain') continue;
    const { version } = dataset;
    const before = known.get(version);
    const standing = standingAfter(run);
    known.set(version, {
      dataset: before?.dataset ?? dataset,
      usedAt: before?.usedAt ?? createdAt,
      rows: before?.rows ?? (prepared?.status === 'ok' ? prepared.rows.kept : null),
      standing: settled.has(version) ? (before?.standing ?? standing) : merged(before, standing),
    });
    // The newest run that passed decides: what was blocked before or since had other settings.
    if (standing === 'good' || standing === 'rolled_back') settled.add(version);
  }
  return [...known.values()];
}

function merged(before: KnownDataset | undefined, standing: Standing): Standing {
  if (before === undefined || before.standing === 'untested') return standing;
  return standing === 'good' || standing === 'rolled_back' ? standing : before.standing;
}

/** What one run says about its data. */
function standingAfter({ outcome, prepared, verdict, deployment, dataChanges }: Run): Standing {
  if (deployment?.replaced?.rollback !== undefined) return 'rolled_back';
  if (prepared?.status === 'invalid') return 'invalid';
  if (dataChanges?.action === 'stop') return 'changed';
  if (verdict?.outcome === 'fail') return 'blocked';
  if (verdict !== null) return 'good';
  return outcome === 'stopped' ? 'stopped' : 'untested';
}
