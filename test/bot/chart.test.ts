import { blockProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { type ChartInput, chartBlock } from '../../bot/blocks/chart.ts';

const input = (overrides: Partial<ChartInput> = {}): ChartInput => ({
  kind: 'bar',
  title: 'Change against v6',
  categories: ['ham', 'spam'],
  series: [{ name: 'change', values: [0.123, -1.5] }],
  xLabel: 'class',
  yLabel: 'points',
  ...overrides,
});

const values = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('chartBlock', () => {
  it('gives every series a value for every category', () => {
    expect(chartBlock(input())).toEqual({
      type: 'data_visualization',
      title: 'Change against v6',
      chart: {
        type: 'bar',
        series: [
          {
            name: 'change',
            data: [
              { label: 'ham', value: 0.12 },
              { label: 'spam', value: -1.5 },
            ],
          },
        ],
        axis_config: { categories: ['ham', 'spam'], x_label: 'class', y_label: 'points' },
      },
    });
  });

  it.each<[string, Partial<ChartInput>]>([
    ['no categories', { categories: [], series: [{ name: 'change', values: [] }] }],
    ['no series', { series: [] }],
    ['a value that is no number', { series: [{ name: 'change', values: [1, Number.NaN] }] }],
    ['a missing value', { series: [{ name: 'change', values: [1] }] }],
    [
      '21 categories',
      { categories: values(21).map(String), series: [{ name: 'change', values: values(21) }] },
    ],
    ['7 series', { series: values(7).map((name) => ({ name: String(name), values: [1, 2] })) }],
  ])('draws nothing of %s', (_name, overrides) => {
    expect(chartBlock(input(overrides))).toBeNull();
  });

  it.each([
    ['long', 'a-class-whose-name-is-long', 'a-class-whose-name-is-very-long'],
    ['empty', '', ' '],
    ['right-to-left', 'ملف البيانات الطويل جدا جدا', 'ملف البيانات الطويل جدا جداا'],
    ['the same', 'spam', 'spam'],
  ])('keeps two %s names apart and within the limits', (_name, ...categories) => {
    const chart = chartBlock(input({ categories, title: 'x'.repeat(80), xLabel: 'y'.repeat(80) }));

    expect(blockProblems([chart ?? {}], 'message')).toEqual([]);
  });

  it('writes no negative zero', () => {
    const chart = chartBlock(input({ series: [{ name: 'change', values: [-0.001, 1] }] }));

    expect(Object.is(chart?.chart.series[0]?.data[0]?.value, 0)).toBe(true);
  });
});
