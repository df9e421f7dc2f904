import { describe, expect, it } from 'vitest';
import { fisherAtLeast } from '../../pipeline/core/alert/error-rates.ts';
import { moreErrorsByChance } from '../../pipeline/core/alert/more-errors.ts';

const of = (requests: number, errors: number) => ({ requests, errors });

describe('moreErrorsByChance', () => {
  it('is Fisher’s exact test where there is one stratum', () => {
    const [now, before] = [of(40, 9), of(300, 21)];

    expect(moreErrorsByChance([{ now, before }])).toBeCloseTo(fisherAtLeast(now, before), 10);
  });

  it('adds up the evidence of the strata', () => {
    const stratum = { now: of(40, 6), before: of(300, 21) };

    const one = moreErrorsByChance([stratum]);

    expect(moreErrorsByChance([stratum, stratum])).toBeLessThan(one);
  });

  it('asks nothing of strata without rows from before', () => {
    const stratum = { now: of(40, 6), before: of(300, 21) };
    const unknown = { now: of(20, 20), before: of(0, 0) };

    expect(moreErrorsByChance([stratum, unknown])).toBeCloseTo(moreErrorsByChance([stratum]), 10);
    expect(moreErrorsByChance([unknown])).toBeCloseTo(1, 10);
    expect(moreErrorsByChance([])).toBe(1);
  });

  it('agrees with the normal distribution where that takes over', () => {
    const exact = moreErrorsByChance([{ now: of(1500, 720), before: of(7000, 3240) }]);
    const normal = moreErrorsByChance([{ now: of(1550, 744), before: of(7233, 3348) }]);

    expect(normal).toBeCloseTo(exact, 2);
  });
});
