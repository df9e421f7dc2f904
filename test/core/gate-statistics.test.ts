import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { drawBinomial } from '../../pipeline/core/gate/binomial.ts';
import { countCells, createMacroF1 } from '../../pipeline/core/gate/cells.ts';
import { type Comparison, compare } from '../../pipeline/core/gate/compare.ts';
import {
  alphaOfLook,
  chanceToNotice,
  chanceToPass,
  rowsForPower,
} from '../../pipeline/core/gate/looks.ts';
import {
  criticalValue,
  normalQuantile,
  normalShareBelow,
} from '../../pipeline/core/gate/normal.ts';
import {
  accuracyDifference,
  mcNemarWorse,
  rejectedByHolm,
  shareInterval,
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
    expect(mcNemarWorse(counts)).toBeCloseTo(p, 12);
  });

  it('stays a probability for thousands of discordant rows', () => {
    const p = mcNemarWorse({ candidateOnly: 4000, productionOnly: 4100 });

    expect(p).toBeGreaterThan(0.1);
    expect(p).toBeLessThan(0.2);
  });
});

describe('the normal distribution', () => {
  it.each([
    [0.05, 1.644_853_6],
    [0.025, 1.959_964],
    [1e-6, 4.753_424_3],
    [1e-12, 7.034_484],
  ])('has %f of its mass above its critical value', (alpha, value) => {
    expect(criticalValue(alpha)).toBeCloseTo(value, 4);
  });

  it('has a quantile function that undoes its distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (x) => {
        expect(normalQuantile(normalShareBelow(x))).toBeCloseTo(x, 2);
      }),
    );
  });
});

describe('drawBinomial', () => {
  it.each([
    [5, 0.3],
    [1000, 0.002],
    [1000, 0.4],
    [1000, 0.93],
    [100_000, 0.5],
  ])('has the mean and variance of %i trials at %f', (trials, probability) => {
    const uniform = aUniform(7);
    const draws = Array.from({ length: 20_000 }, () => drawBinomial(trials, probability, uniform));

    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
    const expected = trials * probability * (1 - probability);
    expect(Math.abs(mean - trials * probability)).toBeLessThan(5 * Math.sqrt(expected / 20_000));
    expect(variance / expected).toBeGreaterThan(0.93);
    expect(variance / expected).toBeLessThan(1.07);
  });

  it('stays within 0 and the trials', () => {
    const uniform = aUniform(11);
    fc.assert(
      fc.property(fc.nat(500), fc.double({ min: 0, max: 1, noNaN: true }), (trials, p) => {
        const drawn = drawBinomial(trials, p, uniform);
        expect(drawn).toBeGreaterThanOrEqual(0);
        expect(drawn).toBeLessThanOrEqual(trials);
        expect(Number.isInteger(drawn)).toBe(true);
      }),
    );
  });
});

describe('rejectedByHolm', () => {
  it('stops at the first test that does not hold at its own level', () => {
    expect(rejectedByHolm([0.04, 0.001, 0.024], 0.05)).toEqual([true, true, true]);
    expect(rejectedByHolm([0.04, 0.001, 0.03], 0.05)).toEqual([false, true, false]);
    expect(rejectedByHolm([], 0.05)).toEqual([]);
  });
});

describe('shareInterval', () => {
  it('is the score interval of Wilson', () => {
    const { lower, upper } = shareInterval(0.9, 100, 0.05);

    expect(lower).toBeCloseTo(0.8396, 3);
    expect(upper).toBeCloseTo(0.9393, 3);
  });
});

describe('macro-F1', () => {
  it('averages the F1 of the classes, not of the rows', () => {
    expect(macroF1(['a', 'a', 'a', 'b'], ['a', 'a', 'b', 'b'])).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  });

  it('counts an unknown predicted class as wrong', () => {
    expect(macroF1(['a', 'b'], ['a', 'zebra'])).toBeCloseTo(0.5, 12);
  });

  it('is compared with the same result for the same rows, in any order', () => {
    const rows = 600;
    const truth = Array.from({ length: rows }, (_, i) => `class ${i % 3}`);
    const one = truth.map((each, i) => (i % 11 === 0 ? 'class 0' : each));
    const two = truth.map((each, i) => (i % 13 === 0 ? 'class 1' : each));

    const once = compared(truth, one, two);
    const again = compared(truth, one, two);

    expect(once.difference.lowerBound(0.05)).toBe(again.difference.lowerBound(0.05));
    expect(once.difference.lowerBound(0.05)).toBeLessThan(once.difference.estimate);
    expect(once.difference.upperBound(0.05)).toBeGreaterThan(once.difference.estimate);
  });

  it('has bounds that widen as they get surer', () => {
    const truth = Array.from({ length: 900 }, (_, i) => `class ${i % 3}`);
    const one = truth.map((each, i) => (i % 11 === 0 ? 'class 0' : each));
    const two = truth.map((each, i) => (i % 13 === 0 ? 'class 1' : each));
    const { difference, score } = compared(truth, one, two);

    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 0.05, noNaN: true }),
        fc.double({ min: 1e-9, max: 0.05, noNaN: true }),
        (a, b) => {
          const [surer, less] = [Math.min(a, b), Math.max(a, b)];
          for (const each of [difference, score]) {
            expect(each.lowerBound(surer)).toBeLessThanOrEqual(each.lowerBound(less));
            expect(each.upperBound(surer)).toBeGreaterThanOrEqual(each.upperBound(less));
          }
        },
      ),
    );
  });
});

describe('the alpha of a look', () => {
  it('falls with every look and adds up to at most 5 % over any number of them', () => {
    const alphas = Array.from({ length: 10_000 }, (_, index) => alphaOfLook(index + 1));

    expect(alphas.reduce((sum, alpha) => sum + alpha, 0)).toBeLessThan(0.05);
    expect(alphas).toEqual([...alphas].sort((a, b) => b - a));
  });
});

describe('power', () => {
  const demands = { nonInferiorityMargin: 0.02, tolerance: 0.005 };

  it('reaches 80 % on the rows it names', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.002, max: 0.05, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (standardError, look) => {
          const alpha = alphaOfLook(look);
          const rows = rowsForPower(demands, { standardError, rows: 1000, alpha }) ?? 0;
          const then = standardError * Math.sqrt(1000 / rows);
          expect(chanceToPass(demands, then, alpha)).toBeCloseTo(0.8, 2);
        },
      ),
    );
  });

  it('names no number where none is enough', () => {
    const impossible = { nonInferiorityMargin: 0, tolerance: 0.005 };

    expect(rowsForPower(impossible, { standardError: 0.01, rows: 100, alpha: 0.05 })).toBeNull();
  });

  it('notices more on more rows', () => {
    expect(chanceToNotice(demands, 0.02)).toBeLessThan(chanceToNotice(demands, 0.01));
    expect(chanceToNotice(demands, 0.004)).toBeGreaterThan(0.9);
  });
});

function aUniform(seed: number) {
  const generator = xoroshiro128plus(seed);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}

function macroF1(truth: readonly string[], predicted: readonly string[]): number {
  const cells = countCells(truth, predicted);
  return createMacroF1(cells)(cells.counts).candidate;
}

function compared(
  truth: readonly string[],
  candidate: readonly string[],
  other: readonly string[],
): Comparison {
  const comparing = compare('macro_f1', countCells(truth, candidate, other));
  for (;;) {
    const next = comparing.next();
    if (next.done === true) return next.value;
  }
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
