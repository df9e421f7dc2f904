import type { RegisteredVersion } from './ports.ts';
import type { ModelScores } from './python-contract.ts';
import type { VersionMark } from './rollback/version-mark.ts';
import type { Run, Source } from './run.ts';

/** A version and the run that made it; null when its record no longer exists. */
export interface MadeVersion {
  readonly version: RegisteredVersion;
  readonly run: Run | null;
  /** Left out or null: it never left production because something was wrong with it. */
  readonly mark?: VersionMark | null;
}

export interface Change<T> {
  readonly name: string;
  readonly from: T | null;
  readonly to: T | null;
}

export interface VersionSide {
  readonly version: number;
  readonly createdAt: string;
  readonly verdict: RegisteredVersion['verdict'];
  readonly archiveBytes: number;
  readonly source: Source | null;
  readonly mark?: VersionMark | null;
  readonly dataset: {
    readonly version: string;
    readonly fileName: string | null;
    readonly rows: number | null;
    /** Left out: one. */
    readonly files?: number;
  };
}

/** What changes from one version of a model to another. Scores are shares from 0 to 1. */
export interface VersionDiff {
  readonly model: string;
  readonly from: VersionSide;
  readonly to: VersionSide;
  /** Whether both were scored on the same held-out rows; otherwise changes are only an indication. */
  readonly isOnSameRows: boolean;
  readonly metrics: readonly Change<number>[];
  /** F1 of each class, the largest change first; empty when it was not kept for both. */
  readonly classes: readonly Change<number>[];
  /** Median milliseconds of one answer. */
  readonly milliseconds: Change<number> & {
    /** The medians differ by less than single answers of one version do. */
    readonly isNoise?: boolean;
  };
  /** Only those that differ. */
  readonly hyperparameters: readonly Change<string>[];
}

/** Compares two versions, by one evaluation that scored both on the same rows where there is one. */
export function compareVersions(from: MadeVersion, to: MadeVersion): VersionDiff {
  const scored = scoresOf(from, to);
  const metrics = (side: 'from' | 'to') =>
    scored[side]?.metrics ?? (side === 'from' ? from : to).version.metrics;
  return {
    model: to.version.model,
    from: sideOf(from),
    to: sideOf(to),
    isOnSameRows: scored.isOnSameRows,
    metrics: changes(metrics('from'), metrics('to')),
    classes: changes(f1s(scored.from), f1s(scored.to))
      .filter((change) => change.from !== null && change.to !== null)
      .sort((a, b) => size(b) - size(a)),
    milliseconds: {
      name: 'Median time',
      from: scored.from?.latency.p50Milliseconds ?? null,
      to: scored.to?.latency.p50Milliseconds ?? null,
      isNoise: isLatencyNoise(scored.from, scored.to),
    },
    hyperparameters: changes(settingsOf(from), settingsOf(to)).filter(
      (change) => change.from !== change.to,
    ),
  };
}

/** Machines and their load differ between evaluations by at least this share. */
const LATENCY_SHARE = 0.2;

/** Whether two medians differ by no more than single answers of one version do. */
export function isLatencyNoise(from: ModelScores | null, to: ModelScores | null): boolean {
  if (from === null || to === null) return false;
  const spread = ({ latency }: ModelScores) => latency.p95Milliseconds - latency.p50Milliseconds;
  const [before, after] = [from.latency.p50Milliseconds, to.latency.p50Milliseconds];
  const noise = Math.max(spread(from), spread(to), LATENCY_SHARE * Math.min(before, after));
  return Math.abs(after - before) <= noise;
}

interface Scored {
  readonly from: ModelScores | null;
  readonly to: ModelScores | null;
  readonly isOnSameRows: boolean;
}

function scoresOf(from: MadeVersion, to: MadeVersion): Scored {
  const before = from.run?.evaluation ?? null;
  const after = to.run?.evaluation ?? null;
  if (after?.production && to.run?.evaluatedAgainst === from.version.version) {
    return { from: after.production, to: after.candidate, isOnSameRows: true };
  }
  if (before?.production && from.run?.evaluatedAgainst === to.version.version) {
    return { from: before.candidate, to: before.production, isOnSameRows: true };
  }
  return {
    from: before?.candidate ?? null,
    to: after?.candidate ?? null,
    // The split follows from the content of the dataset alone.
    isOnSameRows: from.version.datasetVersion === to.version.datasetVersion,
  };
}

function sideOf({ version, run, mark = null }: MadeVersion): VersionSide {
  return {
    version: version.version,
    createdAt: version.createdAt,
    verdict: version.verdict,
    archiveBytes: version.artifact.bytes,
    source: version.source ?? null,
    mark,
    dataset: {
      version: version.datasetVersion,
      fileName: run?.dataset?.fileName ?? null,
      rows: run?.prepared?.rows.kept ?? null,
      ...(run?.dataset?.files === undefined ? {} : { files: run.dataset.files.length }),
    },
  };
}

/** What the training reported; before it did, what was requested. */
function settingsOf({ run }: MadeVersion): Record<string, string> {
  const used = run?.training?.metrics?.hyperparameters ?? run?.hyperparameters ?? {};
  return Object.fromEntries(
    Object.entries(used).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

function f1s(scores: ModelScores | null): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores?.perClass ?? {}).map(([label, { f1 }]) => [label, f1]),
  );
}

function changes<T>(
  from: Readonly<Record<string, T>>,
  to: Readonly<Record<string, T>>,
): readonly Change<T>[] {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])];
  const pick = (side: Readonly<Record<string, T>>, name: string): T | null =>
    Object.hasOwn(side, name) ? (side[name] ?? null) : null;
  return names.map((name) => ({ name, from: pick(from, name), to: pick(to, name) }));
}

const size = ({ from, to }: Change<number>): number => Math.abs((to ?? 0) - (from ?? 0));
