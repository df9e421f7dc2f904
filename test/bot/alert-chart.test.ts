import { blockProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { alertChart } from '../../bot/features/alerts/alert-chart.ts';
import { alertThread } from '../../bot/features/alerts/alert-thread.ts';
import type { Observation } from '../../pipeline/core/alert/alert.ts';
import { anAlert, anObservation } from '../fakes/alert-samples.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 9, minute)).toISOString();

function looks(count: number, overrides: (index: number) => Partial<Observation> = () => ({})) {
  return Array.from({ length: count }, (_, index) =>
    anObservation({ at: at(index * 10), ...overrides(index) }),
  );
}

describe('alertChart', () => {
  it('draws a metric as its difference to the deployment, beside the limit', () => {
    const observations = looks(2, (index) => ({ value: index === 0 ? 0.94 : 0.861 }));

    const chart = alertChart(anAlert({ observations }), facts);

    expect(chart).toMatchObject({
      title: 'Macro-F1 of v6 against its deployment',
      chart: {
        type: 'line',
        series: [
          {
            name: 'change',
            data: [
              { label: 'deployed', value: 0 },
              { label: '09:00', value: 0.2 },
              { label: '09:10', value: -7.7 },
            ],
          },
          { name: 'limit', data: [{ value: -3 }, { value: -3 }, { value: -3 }] },
        ],
        axis_config: { x_label: 'UTC', y_label: 'points' },
      },
    });
  });

  it.each([
    ['error_rate', 0.173, 0.05, 'Error rate of v6', 17.3, 5, '% of requests'],
    ['latency', 3_120.4, 2_000, 'p95 latency of v6', 3_120, 2_000, 'ms'],
  ] as const)('draws %s as it is', (kind, value, threshold, title, drawn, limit, unit) => {
    const observations = looks(2, () => ({ value, threshold, baseline: null }));

    const chart = alertChart(anAlert({ kind, observations }), facts);

    expect(chart?.title).toBe(title);
    expect(chart?.chart.axis_config.y_label).toBe(unit);
    expect(chart?.chart.series.map(({ data }) => data[1]?.value)).toEqual([drawn, limit]);
  });

  it('draws what a version was evaluated on beside what it is asked now', () => {
    const source: Observation['source'] = {
      kind: 'inputs',
      configName: 'spam-v6-aaaaaaaa',
      moved: ['words'],
      histogram: {
        name: 'words',
        bins: ['≤ 40', '> 40', 'missing'],
        reference: [100, 300, 0],
        now: [380, 20, 0],
      },
    };
    const observations = looks(1, () => ({ value: 0.7, baseline: null, source }));

    const chart = alertChart(anAlert({ kind: 'input_drift', observations }), facts);

    expect(chart?.title).toBe('Inputs of v6: length in words');
    expect(chart?.chart).toMatchObject({
      type: 'bar',
      series: [
        { name: 'evaluated on', data: [{ label: '≤ 40', value: 25 }, { value: 75 }] },
        { name: 'now', data: [{ value: 95 }, { value: 5 }] },
      ],
      axis_config: { categories: ['≤ 40', '> 40'], x_label: '400 rows, now 400 inputs' },
    });
  });

  it('says since when a newer version is drawn', () => {
    const observations = looks(4, (index) => ({ version: index < 2 ? 6 : 7 }));

    const chart = alertChart(anAlert({ observations }), facts);

    expect(chart?.title).toBe('Macro-F1 of v6 to v7 against its deployment');
    expect(chart?.chart.axis_config.x_label).toBe('UTC, v7 from 09:20');
    expect(chart?.chart.axis_config.categories).toEqual(['09:00', '09:10', '09:20', '09:30']);
  });

  it('thins out many looks from the newest backwards, and says so', () => {
    const chart = alertChart(anAlert({ observations: looks(60) }), facts);

    const { categories, x_label } = chart?.chart.axis_config ?? {};
    expect(categories).toHaveLength(16);
    expect(categories?.at(-1)).toBe('18:50');
    expect(x_label).toBe('UTC, every 4th look');
  });

  it.each([
    ['within a minute', 1_000, ['09:00:00', '09:00:01', '09:00:02']],
    ['within a day', 3_600_000, ['09:00', '10:00', '11:00']],
    ['days apart', 86_400_000, ['22 Nov', '23 Nov', '24 Nov']],
    ['over midnight', 36_000_000, ['22 Nov 09:00', '22 Nov 19:00', '23 Nov 05:00']],
  ])('tells looks %s apart', (_name, step, expected) => {
    const start = Date.parse(at(0));
    const observations = looks(3, (index) => ({
      at: new Date(start + index * step).toISOString(),
    }));

    const chart = alertChart(anAlert({ observations }), facts);

    expect(chart?.chart.axis_config.categories.slice(1)).toEqual(expected);
    expect(blockProblems([chart ?? {}], 'message')).toEqual([]);
  });

  it('is nothing when there are no two points to join', () => {
    const observations = looks(1, () => ({ baseline: null }));

    expect(alertChart(anAlert({ kind: 'latency', observations }), facts)).toBeNull();
  });
});

describe('the entry of the chart', () => {
  it('has the newest figures in words, for a Slack without charts', () => {
    const observations = looks(8, (index) => ({ value: 0.9 - index / 100 }));

    const entry = alertThread(anAlert({ observations }), facts, { operators: [] }).find(
      ({ key }) => key === 'chart',
    );

    expect(plainText({ blocks: entry?.simpler ?? [] })).toBe(
      'Macro-F1 of the last 5 observations: 0.870, 0.860, 0.850, 0.840, 0.830; expected at least 0.908.',
    );
  });
});
