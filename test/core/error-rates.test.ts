import { describe, expect, it } from 'vitest';
import { binomialAtLeast, fisherAtLeast } from '../../pipeline/core/alert/error-rates.ts';

// The probabilities are sums of fractions of whole numbers, which nothing rounds.
describe('the exact tests of error rates', () => {
  it.each([
    [6, 20, 0.05, 3.2929432e-4],
    [2, 20, 0.05, 0.264160475],
    [80, 1000, 0.05, 3.488645e-5],
    [5_200, 100_000, 0.05, 1.99548e-3],
    [1, 20, 0.05, 1],
    [3, 20, 0, 0],
  ])('gives at least %i errors of %i at %f the probability %f', (errors, requests, p, wanted) => {
    const found = binomialAtLeast({ errors, requests }, p);

    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-5 * wanted);
  });

  it.each([
    [8, 100, 2, 300, 3.4630575e-4],
    [60, 1000, 50, 1000, 0.18872764],
    [1, 100, 5, 100, 1],
  ])(
    'compares %i of %i with %i of %i before',
    (errors, requests, before, requestsBefore, wanted) => {
      const found = fisherAtLeast(
        { errors, requests },
        { errors: before, requests: requestsBefore },
      );

      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-5 * wanted);
    },
  );
});
