import { describe, expect, it } from 'vitest';
import { evaluation } from '../../bot/gallery/sample-parts.ts';
import { compareVersions } from '../../pipeline/core/compare-versions.ts';
import type { RegisteredVersion } from '../../pipeline/core/ports.ts';
import { anEntry, aRun } from '../fakes/samples.ts';

function version(number: number, overrides: Partial<RegisteredVersion> = {}): RegisteredVersion {
  return {
    ...anEntry(),
    version: number,
    approval: 'Approved',
    approvalNote: null,
    lastChangeInStudio: null,
    rolledBackBy: null,
    metrics: { macro_f1: 0.9 + number / 100 },
    ...overrides,
  };
}

describe('compareVersions', () => {
  it('takes both scores from the evaluation that compared exactly these two', () => {
    const scored = aRun({ evaluation: evaluation(['ham', 'spam'], 0.01), evaluatedAgainst: 6 });
    const before = { version: version(6, { metrics: { macro_f1: 0.5 } }), run: null };
    const after = { version: version(7), run: scored };

    const diff = compareVersions(before, after);
    const back = compareVersions(after, before);

    expect(diff.isOnSameRows).toBe(true);
    expect(diff.metrics[0]).toEqual({ name: 'macro_f1', from: 0.938, to: 0.948 });
    expect(diff.classes.map(({ name }) => name).sort()).toEqual(['ham', 'spam']);
    expect(back.metrics[0]).toEqual({ name: 'macro_f1', from: 0.948, to: 0.938 });
  });

  it('falls back to the registry and says whether the rows were the same', () => {
    const other = compareVersions(
      { version: version(1), run: null },
      { version: version(2, { datasetVersion: 'ffff' }), run: null },
    );
    const same = compareVersions(
      { version: version(1), run: null },
      { version: version(2), run: null },
    );

    expect(other.isOnSameRows).toBe(false);
    expect(same.isOnSameRows).toBe(true);
    expect(other.metrics).toEqual([{ name: 'macro_f1', from: 0.91, to: 0.92 }]);
    expect(other.classes).toEqual([]);
  });

  it('says which code trained each of them, and null where it was not kept', () => {
    const source = { code: '0c7e51d2a9b84f36', commit: null };

    const diff = compareVersions(
      { version: version(1), run: null },
      { version: version(2, { source }), run: null },
    );

    expect([diff.from.source, diff.to.source]).toEqual([null, source]);
  });

  it('lists only the hyperparameters that differ', () => {
    const made = (hyperparameters: Record<string, number>) => ({
      version: version(1),
      run: aRun({ hyperparameters }),
    });

    const diff = compareVersions(
      made({ epochs: 3, seed: 1 }),
      made({ epochs: 5, seed: 1, dim: 8 }),
    );

    expect(diff.hyperparameters).toEqual([
      { name: 'epochs', from: '3', to: '5' },
      { name: 'dim', from: null, to: '8' },
    ]);
  });
});
