import type { DataProfile } from './data-profile.ts';

/** Rows that both datasets have, and those of them whose label is another now. */
export interface MovedRows {
  /** Estimates from a sample, unless every row of both was listed. */
  readonly isExact: boolean;
  readonly shared: number;
  /** Shared rows by their label before. */
  readonly sharedBefore: ReadonlyMap<string, number>;
  /** The largest first. */
  readonly moves: readonly Move[];
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** An id begins with 12 hexadecimal digits of a hash, so ids spread evenly over these values. */
const ALL_IDS = 16 ** 12;

/** Compares the rows that would be listed in both, and scales their numbers up to all rows. */
export function movedRows(before: DataProfile, now: DataProfile): MovedRows {
  const below = lowest(before.sample.below, now.sample.below);
  const scale = below === null ? 1 : ALL_IDS / Math.max(1, Number.parseInt(below, 16));
  const earlier = labelsById(before, below);
  const shared = new Map<string, number>();
  const moves = new Map<string, Map<string, number>>();
  let count = 0;
  for (const [id, to] of labelsById(now, below)) {
    const from = earlier.get(id);
    if (from === undefined) continue;
    count += 1;
    shared.set(from, (shared.get(from) ?? 0) + 1);
    if (from === to) continue;
    const targets = moves.get(from) ?? new Map<string, number>();
    moves.set(from, targets.set(to, (targets.get(to) ?? 0) + 1));
  }
  const scaled = (rows: number) => Math.round(rows * scale);
  return {
    isExact: below === null,
    shared: scaled(count),
    sharedBefore: new Map([...shared].map(([label, rows]) => [label, scaled(rows)])),
    moves: [...moves]
      .flatMap(([from, targets]) =>
        [...targets].map(([to, rows]) => ({ from, to, rows: scaled(rows) })),
      )
      .sort((a, b) => b.rows - a.rows || a.from.localeCompare(b.from)),
  };
}

function lowest(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function labelsById({ sample }: DataProfile, below: string | null): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [label, ids] of Object.entries(sample.rows)) {
    for (const id of ids) if (below === null || id < below) labels.set(id, label);
  }
  return labels;
}
