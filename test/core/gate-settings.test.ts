import { describe, expect, it } from 'vitest';
import type { GatePolicy } from '../../pipeline/core/config.ts';
import { withSettings } from '../../pipeline/core/gate/gate-settings.ts';

const policy: GatePolicy = {
  mode: 'enforce',
  metric: 'macro_f1',
  minimum: 0.9,
  nonInferiorityMargin: 0.02,
  tolerance: 0.005,
  maxRecallDrop: 0.05,
  perClassRows: 50,
  slices: [],
  maxSliceDrop: 0.05,
  minimumRows: 30,
};

describe('settings of the gate as typed', () => {
  it('replace those of the policy and leave the others', () => {
    const typed = {
      margin: '.01',
      metric: 'accuracy',
      per_class_rows: '100',
      max_slice_drop: '0.1',
    };

    expect(withSettings(policy, typed)).toEqual({
      ...policy,
      nonInferiorityMargin: 0.01,
      metric: 'accuracy',
      perClassRows: 100,
      maxSliceDrop: 0.1,
    });
  });

  it.each([
    [{ margin: '2' }, 'margin=2 is not a number from 0 to 1'],
    [{ margin: '2 %' }, 'margin=2 % is not a number from 0 to 1'],
    [{ minimum: '' }, 'minimum= is not a number from 0 to 1'],
    [{ minimum: 'NaN' }, 'minimum=NaN is not a number'],
    [{ per_class_rows: '0' }, 'per_class_rows=0 is not a whole number from 1'],
    [{ minimum_rows: '1.5' }, 'minimum_rows=1.5 is not a whole number'],
    [{ metric: 'f1' }, 'metric=f1 is not macro_f1 or accuracy'],
    [{ mode: 'advisory' }, 'The gate has no setting “mode”'],
    [{ constructor: '1' }, 'The gate has no setting “constructor”'],
  ])('%j is refused in words', (typed, words) => {
    expect(() => withSettings(policy, typed)).toThrow(words);
  });
});
