import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import type { Errors } from '../../pipeline/core/alert/error-rates.ts';
import {
  areErrorsProven,
  evidenceAbove,
  FALSE_ROLLBACK,
} from '../../pipeline/core/alert/proven-errors.ts';
import { drawBinomial, type Uniform } from '../../pipeline/core/gate/binomial.ts';

const LIMIT = 0.05;

describe('whether the errors of a deployment are proven', () => {
  const now = (errors: number, requests: number) => ({ errors, requests });

  it.each([
    ['one bad request of a few', now(1, 2), null, false],
    ['two of twenty, which chance explains', now(2, 20), null, false],
    ['six of twenty', now(6, 20), null, true],
    ['as many as before', now(60, 1000), now(60, 1000), false],
    ['many more than before', now(200, 1000), now(60, 1000), true],
    ['many, and nobody asked before', now(200, 1000), now(0, 0), true],
    ['more than before, but below the limit', now(40, 1000), now(0, 1000), false],
    ['every request', now(20, 20), now(0, 20), true],
    ['every request, as before', now(20, 20), now(20, 20), false],
    ['a tenth of a million, as before', now(100_000, 1_000_000), now(100_000, 1_000_000), false],
    ['a fifth of a million, before a tenth', now(200_000, 1_000_000), now(100, 1000), true],
  ])('%s', (_, errors, before, proven) => {
    expect(areErrorsProven(errors, LIMIT, before)).toBe(proven);
  });

  it.each([
    [0, now(3, 20), null, true],
    [0, now(0, 20), null, false],
    [0, now(3, 20), now(3, 20), false],
    [0, now(10, 20), now(0, 1000), true],
    [1, now(20, 20), null, false],
  ])('takes a limit of %d literally', (limit, errors, before, proven) => {
    expect(areErrorsProven(errors, limit, before)).toBe(proven);
  });

  it('is not undone by more errors, fewer requests or fewer errors before', () => {
    const count = fc.integer({ min: 0, max: 300 });

    fc.assert(
      fc.property(count, count, count, count, (errors, rest, before, restBefore) => {
        const is = (now: Errors, was: Errors) => areErrorsProven(now, LIMIT, was);
        const was = { errors: before, requests: before + restBefore + 1 };
        fc.pre(is({ errors, requests: errors + rest }, was));

        expect(is({ errors: errors + 1, requests: errors + rest + 1 }, was)).toBe(true);
        expect(is({ errors, requests: errors + rest - Math.min(1, rest) }, was)).toBe(true);
        expect(
          is({ errors, requests: errors + rest }, { ...was, requests: was.requests + 1 }),
        ).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe('the evidence that errors are above a limit', () => {
  it.each([
    [6, 20, 0.05],
    [2, 20, 0.01],
    [30, 300, 0.05],
    [9, 100, 0.2],
    [1, 20, 0.05],
  ])('of %i errors in %i at %f is the likelihood ratio averaged over what is above', (x, n, q) => {
    const isKnown = x >= 2;
    expect(evidenceAbove({ errors: x, requests: n }, q)).toBeCloseTo(
      isKnown ? averaged(x, n, q) : 0,
      3,
    );
  });
});

describe('a deployment that is as good as it may be', () => {
  // Looks at 20 requests and then after every 8 % more, up to 5,000.
  const looks = Array.from({ length: 73 }, (_, look) => Math.round(20 * 1.08 ** look));
  const histories = 1000;

  it.each([
    ['at the limit, with nothing before', 0.05, null],
    ['at a low limit, with nothing before', 0.01, null],
    ['above the limit, as 300 requests before', 0.1, 300],
    ['above the limit, as 20 requests before', 0.4, 20],
    ['at the limit, as 20,000 requests before', 0.05, 20_000],
  ])('is undone in at most 2 % of bake windows: %s', (_, share, requestsBefore) => {
    const uniform = createUniform(15);
    let undone = 0;
    for (let history = 0; history < histories; history++) {
      const before = requestsBefore && {
        requests: requestsBefore,
        errors: drawBinomial(requestsBefore, share, uniform),
      };
      const limit = Math.min(share, LIMIT);
      if (firstProof(looks, share, { limit, before: before || null, uniform }) !== null)
        undone += 1;
    }

    expect(undone / histories).toBeLessThanOrEqual(FALSE_ROLLBACK);
  });
});

describe('a deployment that fails more often than the limit of 5 %', () => {
  const looks = Array.from({ length: 400 }, (_, look) => 20 + 10 * look);

  // Means of the requests at which one look in a thousand by chance was allowed: 20, 26, 46, 84, 251.
  it.each([
    [0.5, 21, null],
    [0.3, 28, null],
    [0.2, 50, null],
    [0.15, 90, null],
    [0.1, 270, null],
    [0.2, 50, { requests: 1000, errors: 5 }],
    [0.1, 280, { requests: 1000, errors: 5 }],
  ])('at %d is undone after %i requests on average', (share, most, before) => {
    const uniform = createUniform(16);
    const found = Array.from({ length: 300 }, () =>
      firstProof(looks, share, { limit: LIMIT, before, uniform }),
    );

    expect(found).not.toContain(null);
    expect(found.reduce((sum: number, each) => sum + (each ?? 0), 0) / 300).toBeLessThanOrEqual(
      most,
    );
  });
});

/** Requests at the first look that finds the errors proven; null when none does. */
function firstProof(
  looks: readonly number[],
  share: number,
  {
    limit,
    before,
    uniform,
  }: { readonly limit: number; readonly before: Errors | null; readonly uniform: Uniform },
): number | null {
  let [requests, errors] = [0, 0];
  for (const look of looks) {
    errors += drawBinomial(look - requests, share, uniform);
    requests = look;
    if (areErrorsProven({ requests, errors }, limit, before)) return requests;
  }
  return null;
}

/** The average by its definition, in a million steps. */
function averaged(errors: number, requests: number, limit: number): number {
  const steps = 1_000_000;
  const width = (1 - limit) / steps;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const p = limit + (step + 0.5) * width;
    const ratio =
      errors * Math.log(p / limit) + (requests - errors) * Math.log((1 - p) / (1 - limit));
    sum += Math.exp(ratio) * p ** -2 * width;
  }
  return sum / (1 / limit - 1);
}

function createUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}
