import { describe, expect, it } from 'vitest';
import { costOf, servingCost } from '../../pipeline/core/pricing.ts';
import type { JobUsage } from '../../pipeline/core/run.ts';

/** One hour of a g4dn.xlarge at 0.7364 dollars, billed in full; `overrides` are what the test is about. */
function usage(overrides: Partial<JobUsage> = {}): JobUsage {
  return {
    jobName: 'spam-1-train-1',
    kind: 'train',
    instanceType: 'ml.g4dn.xlarge',
    spot: false,
    running: 3_600,
    billable: 3_600,
    ...overrides,
  };
}

describe('costOf', () => {
  it('is unknown before any job has ended', () => {
    expect(costOf([{}, { usage: [] }])).toBeNull();
  });

  it('multiplies billable seconds by the on-demand price', () => {
    const cost = costOf([{ usage: [usage({ running: 1_800, billable: 1_800 })] }]);

    expect(cost?.billed).toBeCloseTo(0.3682, 4);
    expect(cost).toMatchObject({ notBilled: 0, evaluation: 0, spotSaving: 0 });
  });

  it('takes what AWS bills on Spot as discounted already, the difference as saved', () => {
    // 1,000 s of running billed as 300 s: 300 × 0.7364 / 3600, and 700 s saved.
    const cost = costOf([{ usage: [usage({ spot: true, running: 1_000, billable: 300 })] }]);

    expect(cost?.billed).toBeCloseTo(0.0614, 4);
    expect(cost?.spotSaving).toBeCloseTo(0.1432, 4);
  });

  it('bills nothing on one’s own machine and says what AWS would, Spot at 35 %', () => {
    const cost = costOf([{ usage: [usage({ spot: true, billable: null })] }]);

    expect(cost?.billed).toBe(0);
    expect(cost?.notBilled).toBeCloseTo(0.25774, 5);
    expect(cost?.spotSaving).toBeCloseTo(0.47866, 5);
  });

  it('adds attempts, evaluations and runs', () => {
    const evaluation = usage({ kind: 'evaluate', instanceType: 'ml.m5.large' });
    const cost = costOf([{ usage: [usage(), evaluation] }, { usage: [usage()] }]);

    expect(cost?.training).toBeCloseTo(2 * 0.7364, 4);
    expect(cost?.evaluation).toBeCloseTo(0.115, 4);
    expect(cost?.billed).toBeCloseTo(2 * 0.7364 + 0.115, 4);
  });

  it('names the machines it has no price for, and leaves them out', () => {
    const cost = costOf([{ usage: [usage({ instanceType: 'ml.p5.48xlarge' }), usage()] }]);

    expect(cost?.unpriced).toEqual(['ml.p5.48xlarge']);
    expect(cost?.billed).toBeCloseTo(0.7364, 4);
  });
});

describe('servingCost', () => {
  it('is requests × seconds × GB × price', () => {
    // 1,000,000 × 0.05 s × 2 GB × 0.00002
    const served = { invocations: 1_000_000, milliseconds: 50, memoryMB: 2_048 };

    expect(servingCost(served)).toBeCloseTo(2, 6);
  });
});
