import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Predictions } from '../../pipeline/core/gate/predictions.ts';
import {
  accuracyDifference,
  macroF1,
  macroF1Difference,
  mcNemarWorse,
  rowsForPower,
} from '../../pipeline/core/gate/statistics.ts';

describe('accuracyDifference', () => {
  it('solves the score equation with the constrained maximum likelihood found by search', () => {
    const counts = { rows: 200, candidateOnly: 12, productionOnly: 7 };

    const { lower, upper } = accuracyDifference(counts);

    expect(scoreBySearch(counts, lower)).toBeCloseTo(1.645, 2);
    expect(scoreBySearch(counts, upper)).toBeCloseTo(-1.645, 2);
  });

  it('contains its estimate and narrows as rows are added', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 100, max: 400 }), (b, c, rows) => {
        const once = accuracyDifference({ rows, candidateOnly: b, productionOnly: c });
        const tenfold = accuracyDifference({
          rows: rows * 10,
          candidateOnly: b * 10,
          productionOnly: c * 10,
        });
        expect(once.lower).toBeLessThanOrEqual(once.estimate + 1e-9);
        expect(once.upper).toBeGreaterThanOrEqual(once.estimate - 1e-9);
        expect(tenfold.upper - tenfold.lower).toBeLessThan(once.upper - once.lower);
      }),
    );
  });

  it('is the mirror image when the models change places', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (b, c) => {
        const there = accuracyDifference({ rows: 300, candidateOnly: b, productionOnly: c });
        const back = accuracyDifference({ rows: 300, candidateOnly: c, productionOnly: b });
        expect(there.lower).toBeCloseTo(-back.upper, 9);
      }),
    );
  });
});

describe('mcNemarWorse', () => {
  it.each([
    { candidateOnly: 0, productionOnly: 0, p: 1 },
    { candidateOnly: 5, productionOnly: 0, p: 1 },
    { candidateOnly: 0, productionOnly: 5, p: 1 / 32 },
    { candidateOnly: 1, productionOnly: 3, p: 5 / 16 },
  ])('is $p for $candidateOnly against $productionOnly rows', ({ p, ...counts }) => {
    expect(mcNemarWorse({ rows: 100, ...counts })).toBeCloseTo(p, 12);
  });

  it('stays a probability for thousands of discordant rows', () => {
    const p = mcNemarWorse({ rows: 50_000, candidateOnly: 4000, productionOnly: 4100 });

    expect(p).toBeGreaterThan(0.1);
    expect(p).toBeLessThan(0.2);
  });
});

describe('macroF1', () => {
  it('averages the F1 of the classes, not of the rows', () => {
    const truth = ['a', 'a', 'a', 'b'];
    const predicted = ['a', 'a', 'b', 'b'];

    expect(macroF1(truth, predicted)).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  });

  it('counts an unknown predicted class as wrong', () => {
    expect(macroF1(['a', 'b'], ['a', 'zebra'])).toBeCloseTo(0.5, 12);
  });
});

describe('macroF1Difference', () => {
  it('is the same for the same seed and zero for the same predictions', () => {
    const { label, candidate, production } = predictions({ candidate: 0.9, production: 0.95 });

    const once = macroF1Difference(label, candidate, production ?? []);
    const again = macroF1Difference(label, candidate, production ?? []);
    const same = macroF1Difference(label, candidate, candidate);

    expect(again).toEqual(once);
    expect(once.lower).toBeLessThan(once.estimate);
    expect(same).toEqual({ estimate: 0, lower: 0, upper: 0 });
  });
});

describe('rowsForPower', () => {
  it('reproduces the published rule', () => {
    expect(rowsForPower(0.019, 0.02)).toBe(295);
    expect(rowsForPower(0.1, 0.01)).toBe(6200);
  });
});

interface Shares {
  readonly candidate: number;
  readonly production: number | null;
  readonly rows?: number;
  /** Rows by which the candidate's mistakes are shifted against production's. */
  readonly shuffle?: number;
}

function predictions({ candidate, production, rows = 1000, shuffle = 0 }: Shares): Predictions {
  const label = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 'ham' : 'spam'));
  const guesses = (share: number, shift: number) =>
    label.map((truth, i) => {
      const isRight = (i + shift) % rows < Math.round(share * rows);
      return isRight ? truth : truth === 'ham' ? 'spam' : 'ham';
    });
  return {
    label,
    candidate: guesses(candidate, shuffle),
    production: production === null ? null : guesses(production, 0),
  };
}

/** Tango's statistic with the constrained likelihood maximised by golden-section search. */
function scoreBySearch(
  { rows: n, candidateOnly: b, productionOnly: c }: Parameters<typeof accuracyDifference>[0],
  delta: number,
): number {
  const logLikelihood = (q: number) =>
    b * Math.log(q + delta) + c * Math.log(q) + (n - b - c) * Math.log(1 - 2 * q - delta);
  let [low, high] = [Math.max(1e-9, -delta + 1e-9), (1 - delta) / 2 - 1e-9];
  for (let i = 0; i < 200; i++) {
    const left = high - (high - low) / 1.618_033_988_75;
    const right = low + (high - low) / 1.618_033_988_75;
    if (logLikelihood(left) > logLikelihood(right)) high = right;
    else low = left;
  }
  const q = (low + high) / 2;
  return (b - c - n * delta) / Math.sqrt(n * (2 * q + delta * (1 - delta)));
}
