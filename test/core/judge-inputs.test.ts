import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { addInputs, noInputs, readInputCounts } from '../../pipeline/core/alert/input-counts.ts';
import { judgeInputs } from '../../pipeline/core/alert/judge-inputs.ts';
import { shiftOf } from '../../pipeline/core/alert/shift-test.ts';
import { modelConfig } from '../../pipeline/core/model-config.ts';
import type { InputReference } from '../../pipeline/core/python-contract.ts';
import { aConfig } from '../flow/world.ts';

const config = modelConfig(aConfig({ alerts: { minimumInputs: 300, maxInputShift: 0.1 } }), 'spam');
const deciles = Array.from({ length: 11 }, (_, bin) => `bin ${bin}`);
const feature = (name: string, counts: number[], kind: 'ordered' | 'category' = 'ordered') => ({
  name,
  kind,
  bins: counts.map((_, bin) => `bin ${bin}`),
  counts,
});

function judge(features: InputReference['features'], counts: Record<string, number[]>) {
  const inputs = Math.max(...Object.values(counts).map((bins) => sum(bins)));
  return judgeInputs({
    config,
    reference: { schemaVersion: 1, rows: 440, features },
    now: { inputs, counts },
    version: 6,
    configName: 'spam-v6-aaaaaaaa',
    at: '2026-11-22T09:00:00.000Z',
  });
}

const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0);

describe('judgeInputs', () => {
  it('names the histogram that moved most, and all that moved', () => {
    const features = [
      feature('words', [200, 200, 0]),
      feature('label', [300, 100, 0], 'category'),
      feature('script', [400, 0], 'category'),
    ];

    const observation = judge(features, {
      words: [20, 280, 0],
      label: [120, 180, 0],
      script: [300, 0],
    });

    expect(observation).toMatchObject({
      isBreach: true,
      sample: 300,
      source: { moved: ['words', 'label'], histogram: { name: 'words' } },
    });
    expect(observation?.value).toBeCloseTo(0.5 - 20 / 300);
  });

  it.each([
    ['a shift within the limit, however sure', [500, 500, 0], [5500, 4500, 0], false],
    ['a shift beyond it', [500, 500, 0], [6100, 3900, 0], true],
    ['values that are missing now', [200, 200, 0], [120, 120, 60], true],
    ['a shift of few that chance explains', [10, 10, 0], [210, 90, 0], false],
  ])('%s: breach is %s', (_, before, now, isBreach) => {
    expect(judge([feature('words', before)], { words: now })?.isBreach).toBe(isBreach);
  });

  it('says nothing on too few inputs, or on other bins', () => {
    const words = feature('words', [200, 200, 0]);

    expect(judge([words], { words: [10, 289, 0] })).toBeNull();
    expect(judge([words], { words: [10, 290, 0] })).not.toBeNull();
    expect(judge([words], { words: [10, 390] })).toBeNull();
    expect(judge([words], { other: [10, 390, 0] })).toBeNull();
  });

  it.each([300, 1000])('raises a false alarm in at most two percent of looks at %d', (inputs) => {
    const LOOKS = 1000;
    const generator = xoroshiro128plus(20_261_126);
    const uniform = () => (generator.unsafeNext() >>> 0) / 2 ** 32;
    const drawn = (rows: number, bins: number) => {
      const counts = Array.from({ length: bins }, () => 0);
      for (let row = 0; row < rows; row++) {
        const bin = Math.floor(uniform() * (bins - 1));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return counts;
    };
    const kinds = ['ordered', 'ordered', 'ordered', 'ordered', 'category', 'category'] as const;
    let breaches = 0;
    for (let look = 0; look < LOOKS; look++) {
      const features = kinds.map((kind, index) =>
        feature(`${index}`, drawn(440, kind === 'ordered' ? deciles.length : 4), kind),
      );
      const counts = Object.fromEntries(
        features.map(({ name, bins }) => [name, drawn(inputs, bins.length)]),
      );
      if (judge(features, counts)?.isBreach) breaches += 1;
    }

    expect(breaches / LOOKS).toBeLessThanOrEqual(0.02);
  });
});

describe('shiftOf', () => {
  it('finds no shift between equal shares', () => {
    expect(shiftOf('ordered', [10, 20, 30, 0], [100, 200, 300, 0])).toEqual({
      distance: expect.closeTo(0, 10),
      chance: 1,
    });
    expect(shiftOf('category', [10, 20, 30], [100, 200, 300]).distance).toBeCloseTo(0);
  });

  it('knows the 5 % point of Kolmogorov and Smirnov', () => {
    // 1.358 / √250 at 500 against 500 inputs, by the tables without correction.
    const { chance } = shiftOf('ordered', [250, 250, 0], [207, 293, 0]);

    expect(chance / 2).toBeGreaterThan(0.04);
    expect(chance / 2).toBeLessThan(0.05);
  });

  it('is sure of a category that was not there', () => {
    const shift = shiftOf('category', [400, 0, 0], [280, 0, 20]);

    expect(shift.distance).toBeCloseTo(20 / 300);
    expect(shift.chance).toBeLessThan(1e-6);
  });
});

describe('readInputCounts', () => {
  it('reads counts, and nothing else', () => {
    const counts = { inputs: 2, counts: { words: [1, 1] } };

    expect(readInputCounts(counts)).toEqual(counts);
    for (const other of [null, 7, {}, { inputs: -1, counts: {} }, { inputs: 1, counts: { a: 1 } }])
      expect(readInputCounts(other)).toBeNull();
  });

  it('adds up histograms of the same bins', () => {
    const sum = [
      { inputs: 2, counts: { words: [1, 1], script: [2] } },
      { inputs: 1, counts: { words: [0, 1] } },
      { inputs: 3, counts: { script: [0, 3] } },
    ].reduce(addInputs, noInputs);

    expect(sum).toEqual({ inputs: 6, counts: { words: [1, 2], script: [0, 3] } });
  });
});
