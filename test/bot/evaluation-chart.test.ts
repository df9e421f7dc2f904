import { blockProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import type { ChartBlock } from '../../bot/blocks/chart.ts';
import { evaluationChart } from '../../bot/features/run/evaluation-chart.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import { nastyOptions, sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

const perClass = (recall: number) => ({ precision: 0.9, recall, f1: 0.9, support: 100 });

/** A run that was compared with v6, by the recall of each class in production and now. */
function compared(recalls: Readonly<Record<string, readonly [before: number, now: number]>>): Run {
  const run = sample('judged');
  if (run.evaluation?.production == null) throw new Error('The sample has no comparison.');
  const { candidate, production } = run.evaluation;
  const side = (index: 0 | 1) =>
    Object.fromEntries(
      Object.entries(recalls).map(([name, both]) => [name, perClass(both[index])]),
    );
  return {
    ...run,
    evaluatedAgainst: 6,
    evaluation: {
      ...run.evaluation,
      candidate: { ...candidate, metrics: { macro_f1: 0.94 }, perClass: side(1) },
      production: { ...production, metrics: { macro_f1: 0.95 }, perClass: side(0) },
    },
  };
}

const dataOf = (chart: ChartBlock | null, name: string) =>
  chart?.chart.series
    .find((series) => series.name === name)
    ?.data.map(({ label, value }) => [label, value]);

describe('evaluationChart', () => {
  it('puts the change of each class beside what the gate allows, largest first', () => {
    const chart = evaluationChart(
      compared({ ham: [0.9, 0.91], spam: [0.95, 0.88], tax: [0.9, 0.9] }),
      sampleFacts,
    );

    expect(chart?.title).toBe('Macro-F1 and recall: change against v6');
    expect(dataOf(chart, 'change')).toEqual([
      ['Macro-F1', -1],
      ['spam', -7],
      ['ham', 1],
      ['tax', 0],
    ]);
    expect(dataOf(chart, 'gate limit')).toEqual([
      ['Macro-F1', -2],
      ['spam', -5],
      ['ham', -5],
      ['tax', -5],
    ]);
  });

  it('says how little the classes changed that it leaves out', () => {
    const classes = Array.from({ length: 30 }, (_, index) => [
      `class ${index}`,
      [0.9, 0.9 - index / 1_000] as const,
    ]);

    const chart = evaluationChart(compared(Object.fromEntries(classes)), sampleFacts);

    expect(dataOf(chart, 'change')).toHaveLength(8);
    expect(chart?.chart.axis_config.x_label).toBe('Macro-F1, recall; 23 others within ±2.2 points');
  });

  it('leaves out a class that production does not know', () => {
    const run = compared({ ham: [0.9, 0.91] });
    const evaluation = run.evaluation && {
      ...run.evaluation,
      candidate: {
        ...run.evaluation.candidate,
        perClass: { ...run.evaluation.candidate.perClass, tax: perClass(0.9) },
      },
    };

    const chart = evaluationChart({ ...run, evaluation }, sampleFacts);

    expect(dataOf(chart, 'change')?.map(([label]) => label)).toEqual(['Macro-F1', 'ham']);
  });

  it('has no limit when the model is no longer in the configuration', () => {
    const chart = evaluationChart(compared({ ham: [0.9, 0.91] }), {
      title: 'spam',
      metric: 'macro_f1',
    });

    expect(chart?.chart.series.map(({ name }) => name)).toEqual(['change']);
  });

  it('shows the scores of a first version in percent', () => {
    const chart = evaluationChart(sampleRuns({ firstVersion: true }).judged as Run, sampleFacts);

    expect(dataOf(chart, 'candidate')).toEqual([
      ['Macro-F1', 95.2],
      ['ham', 93.5],
      ['spam', 94.5],
    ]);
  });

  it('is nothing before the evaluation', () => {
    expect(evaluationChart(sample('training'), sampleFacts)).toBeNull();
  });

  it('keeps Slack’s limits with 40 classes of nasty names', () => {
    const chart = evaluationChart(sampleRuns(nastyOptions(0)).judged as Run, sampleFacts);

    expect(blockProblems([chart ?? {}], 'message')).toEqual([]);
  });
});
