import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { breaches } from '../../bench/drift/metric-alerts.ts';
import { scenes } from '../../bench/gate/scenes.ts';
import {
  type AnsweredRows,
  judgeNewRows,
  unseenRows,
} from '../../pipeline/core/alert/judge-new-rows.ts';
import { modelConfig } from '../../pipeline/core/model-config.ts';
import { aConfig } from '../flow/world.ts';

const at = '2026-11-22T09:00:00.000Z';

/** Rows of two classes, each with so many wrong answers. */
function answered(ham: [rows: number, wrong: number], spam: [rows: number, wrong: number]) {
  const of = (label: string, other: string, [rows, wrong]: [number, number]) =>
    Array.from({ length: rows }, (_, row) => ({ label, answer: row < wrong ? other : label }));
  const all = [...of('ham', 'spam', ham), ...of('spam', 'ham', spam)];
  return { label: all.map((each) => each.label), answer: all.map((each) => each.answer) };
}

describe('judgeNewRows', () => {
  const judge = (fresh: AnsweredRows, metric: 'macro_f1' | 'accuracy' = 'accuracy') =>
    judgeNewRows({
      config: modelConfig(
        aConfig({ alerts: { maxMetricDrop: 0.03 }, gate: { minimum: 0.8, metric } }),
        'spam',
      ),
      fresh,
      before: answered([620, 31], [620, 31]),
      production: { version: 6, metrics: { accuracy: 0.95, macro_f1: 0.95 } },
      runId: 'spam-aaaaaaaa',
      at,
    });

  it.each([
    ['a fall of ten points on 250 rows', answered([125, 19], [125, 19]), 0.848, true],
    ['the same score', answered([125, 6], [125, 6]), 0.952, false],
    ['a drop that chance explains', answered([20, 2], [20, 2]), 0.9, false],
    ['a proven fall within the limit', answered([5000, 350], [5000, 350]), 0.93, false],
  ])('%s: breach is %s', (_, fresh, value, isBreach) => {
    expect(judge(fresh)).toMatchObject({ baseline: 0.95, version: 6, isBreach });
    expect(judge(fresh)?.value).toBeCloseTo(value);
    expect(judge(fresh)?.threshold).toBeCloseTo(0.92);
  });

  it('computes macro-F1 as the gate does', () => {
    const fresh = answered([90, 0], [10, 5]);

    expect(judge(fresh, 'macro_f1')?.value).toBeCloseTo((180 / 185 + 10 / 15) / 2);
  });

  it('takes no other shares of the classes for a fall', () => {
    const before = answered([1000, 10], [1000, 200]);
    const fresh = answered([10, 0], [490, 98]);
    const observation = judgeNewRows({
      config: modelConfig(aConfig({ gate: { minimum: 0, metric: 'accuracy' } }), 'spam'),
      fresh,
      before,
      production: { version: 6, metrics: { accuracy: 0.895 } },
      runId: 'spam-aaaaaaaa',
      at,
    });

    expect(observation?.value).toBeLessThan(0.83);
    expect(observation?.isBreach).toBe(false);
  });

  it('says nothing on too few rows', () => {
    expect(judge(answered([15, 15], [14, 14]))).toBeNull();
    expect(judge(answered([15, 15], [15, 15]))).not.toBeNull();
  });
});

describe('unseenRows', () => {
  it('leaves out the rows that were seen', () => {
    const predictions = {
      id: ['a', 'b', 'c'],
      label: ['ham', 'spam', 'ham'],
      candidate: ['', '', ''],
      production: ['ham', 'ham', 'spam'],
      anchor: null,
    };

    expect(unseenRows(predictions, new Set(['a', 'z']))).toEqual({
      label: ['spam', 'ham'],
      answer: ['ham', 'spam'],
    });
    expect(unseenRows({ ...predictions, production: null }, new Set())).toBeNull();
  });
});

describe('an alert on the metric', () => {
  const LOOKS = 300;
  const generator = xoroshiro128plus(20_261_126);
  const uniform = () => (generator.unsafeNext() >>> 0) / 2 ** 32;
  /** The rate that 300 looks at a true rate of 5 % exceed in one of a thousand cases. */
  const MOST = 0.05 + 3.1 * Math.sqrt((0.05 * 0.95) / LOOKS);

  it.each([30, 60, 200, 1000])(
    'is false in at most five percent of looks at %d new rows',
    (rows) => {
      const worst = Math.max(
        ...scenes.map((scene) => breaches(scene, { rows, fall: 0, looks: LOOKS }, uniform)),
      );

      expect(worst).toBeLessThanOrEqual(MOST);
    },
  );

  it.each([
    [200, 0.7],
    [1000, 0.99],
  ])('finds a fall of ten points on %d new rows in at least %d of looks', (rows, least) => {
    const found = scenes.map((scene) => breaches(scene, { rows, fall: 0.1, looks: 100 }, uniform));

    expect(Math.min(...found)).toBeGreaterThanOrEqual(least);
  });
});
