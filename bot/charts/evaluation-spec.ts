import type { TopLevelSpec } from 'vega-lite';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Evaluation, ModelScores } from '../../pipeline/core/python-contract.ts';
import { shown } from '../messages/escape.ts';
import { metricTitles } from '../messages/format.ts';

/** Most classes drawn; the ones that lost most come first. */
const MOST_CLASSES = 10;

export interface EvaluationChartInput {
  readonly title: string;
  readonly evaluation: Evaluation;
  readonly verdict: Verdict | null;
  readonly metric: keyof typeof metricTitles;
  /** Such as `v6`; shown in the legend. */
  readonly productionName: string;
}

interface Bar {
  readonly name: string;
  readonly who: string;
  readonly score: number;
}

/** Blue and orange of Okabe and Ito: apart for every kind of colour vision, and in print. */
const COLOURS = ['#0072b2', '#e69f00'];

/** A dot with its interval against the zero line, above bars of candidate and production. */
export function evaluationSpec(input: EvaluationChartInput): TopLevelSpec {
  const { evaluation, verdict, title, productionName } = input;
  const bars = barsOf(input);
  const names = [...new Set(bars.map(({ name }) => name))];
  const lowest = Math.min(...bars.map(({ score }) => score));
  const start = Math.max(0, Math.floor((lowest - 0.05) * 10) / 10);
  const who = evaluation.production === null ? ['candidate'] : ['candidate', productionName];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    background: 'white',
    padding: 16,
    title: { text: title, anchor: 'start', fontSize: 16, offset: 12 },
    config: {
      font: 'DejaVu Sans',
      axis: { labelFontSize: 12, titleFontSize: 12, labelLimit: 300 },
      view: { stroke: null },
    },
    vconcat: [
      ...(verdict?.difference ? [differencePart(input.metric, verdict.difference)] : []),
      {
        width: 480,
        height: { step: 14 },
        data: { values: bars.map((bar) => ({ ...bar })) },
        mark: { type: 'bar', clip: true },
        encoding: {
          y: { field: 'name', type: 'nominal', sort: names, title: null },
          yOffset: { field: 'who', type: 'nominal', sort: who },
          x: {
            field: 'score',
            type: 'quantitative',
            title: start > 0 ? `score, axis from ${start.toFixed(1)}` : 'score',
            scale: { domain: [start, 1] },
            axis: { format: '.2f', tickCount: 6 },
          },
          color: {
            field: 'who',
            type: 'nominal',
            sort: who,
            scale: { domain: who, range: COLOURS },
            legend: { title: null, orient: 'top', labelFontSize: 12 },
          },
        },
      },
    ],
  };
}

function differencePart(
  metric: keyof typeof metricTitles,
  difference: NonNullable<Verdict['difference']>,
) {
  const inPoints = {
    estimate: difference.estimate * 100,
    lower: difference.lower * 100,
    upper: difference.upper * 100,
  };
  const widest = Math.max(1, ...Object.values(inPoints).map(Math.abs)) * 1.15;
  const x = {
    type: 'quantitative' as const,
    title: `change of ${metricTitles[metric]} in points, 90 % interval`,
    scale: { domain: [-widest, widest], nice: false },
    axis: { format: '+.1f', tickCount: 6 },
  };
  return {
    width: 480,
    height: 36,
    data: { values: [inPoints] },
    layer: [
      {
        mark: { type: 'rule' as const, color: '#888888', strokeDash: [4, 3] },
        encoding: { x: { datum: 0 } },
      },
      {
        mark: { type: 'rule' as const, size: 3, color: '#222222' },
        encoding: { x: { field: 'lower', ...x }, x2: { field: 'upper' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 110, color: '#222222', opacity: 1 },
        encoding: { x: { field: 'estimate', ...x } },
      },
    ],
  };
}

function barsOf({ evaluation, metric, productionName }: EvaluationChartInput): readonly Bar[] {
  const { candidate, production } = evaluation;
  const pair = (name: string, score: number | undefined, before: number | undefined): Bar[] => [
    ...(score === undefined ? [] : [{ name, who: 'candidate', score }]),
    ...(before === undefined ? [] : [{ name, who: productionName, score: before }]),
  ];
  return [
    ...pair(metricTitles[metric], candidate.metrics[metric], production?.metrics[metric]),
    ...labelsByLoss(candidate, production)
      .slice(0, MOST_CLASSES)
      .flatMap((label, index, all) =>
        pair(
          barName(label, index, all),
          candidate.perClass[label]?.f1,
          production?.perClass[label]?.f1,
        ),
      ),
  ];
}

/** Long labels may look the same once shortened; bars of one name would be drawn as one. */
function barName(label: string, index: number, all: readonly string[]): string {
  const name = shown(label, 26);
  const twins = all.slice(0, index).filter((other) => shown(other, 26) === name).length;
  return twins === 0 ? `F1 ${name}` : `F1 ${name} (${twins + 1})`;
}

function labelsByLoss(candidate: ModelScores, production: ModelScores | null): readonly string[] {
  const change = (label: string) =>
    (candidate.perClass[label]?.f1 ?? 0) - (production?.perClass[label]?.f1 ?? 0);
  return Object.keys(candidate.perClass).sort((a, b) => change(a) - change(b));
}
