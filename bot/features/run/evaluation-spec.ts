import type { TopLevelSpec } from 'vega-lite';
import type { Verdict } from '../../../pipeline/core/gate/verdict.ts';
import type { Evaluation, ModelScores } from '../../../pipeline/core/python-contract.ts';
import { shown } from '../../blocks/escape.ts';
import { metricTitles } from '../../blocks/format.ts';

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

interface Dot {
  readonly name: string;
  readonly who: string;
  readonly score: number;
}

/** Orange and blue of Okabe and Ito: apart for every kind of colour vision, and in print. */
const PRODUCTION = '#b45f00';
const CANDIDATE = '#0072b2';
const INK = '#222222';
/** Of the plots, without the names beside them: the picture stays readable 360 pixels wide. */
const PLOT_WIDTH = 250;
/** Room for names; both plots begin at the same place. About 7 pixels a character. */
const MOST_NAME_CHARACTERS = 16;

/**
 * Two marks a row, production and candidate, joined by the change between them; below,
 * the interval of the deciding figure against no change. Dots, not bars: their axis may be cut.
 */
export function evaluationSpec(input: EvaluationChartInput): TopLevelSpec {
  const { verdict, title } = input;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    background: 'white',
    padding: 14,
    spacing: 22,
    title: {
      text: title,
      subtitle: subtitleOf(input),
      anchor: 'start',
      frame: 'bounds',
      fontSize: 14,
      subtitleFontSize: 12,
      subtitlePadding: 4,
      offset: 12,
      limit: 600,
    },
    config: {
      font: 'DejaVu Sans',
      axis: {
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        // Names are shortened before; Vega measures without the font and would cut too much.
        labelLimit: 400,
        gridColor: '#e6e6ea',
        domain: false,
        ticks: false,
        labelPadding: 6,
      },
      view: { stroke: null },
    },
    vconcat: [
      scoresPart(input),
      ...(verdict?.difference ? [differencePart(input, verdict.difference)] : []),
    ],
  };
}

function nameWidth(input: EvaluationChartInput): number {
  const longest = Math.max(...dotsOf(input).map(({ name }) => name.length));
  return 30 + 7 * Math.min(longest, MOST_NAME_CHARACTERS);
}

function subtitleOf({ evaluation, metric }: EvaluationChartInput): string {
  const classes = Object.keys(evaluation.candidate.perClass).length;
  const which =
    classes > MOST_CLASSES ? `the ${MOST_CLASSES} of ${classes} that lost most` : 'each class';
  return `${metricTitles[metric]}, and F1 of ${which}`;
}

function scoresPart(input: EvaluationChartInput) {
  const { evaluation, productionName } = input;
  const dots = dotsOf(input);
  const names = [...new Set(dots.map(({ name }) => name))];
  const scores = dots.map(({ score }) => score);
  const start = Math.max(0, Math.floor((Math.min(...scores) - 0.02) * 20) / 20);
  const who = evaluation.production === null ? ['candidate'] : [productionName, 'candidate'];
  const y = {
    field: 'name',
    type: 'nominal' as const,
    sort: names,
    title: null,
    axis: { grid: true, minExtent: nameWidth(input) },
  };
  const of = { field: 'who', type: 'nominal' as const };
  const legend = { title: null, orient: 'top' as const, labelFontSize: 12, values: who };
  // Always both: Vega draws nothing for a size scale of one step.
  const domain = [productionName, 'candidate'];
  const x = {
    field: 'score',
    type: 'quantitative' as const,
    title: start > 0 ? `score, axis from ${start.toFixed(2)} to 1` : 'score',
    scale: { domain: [start, 1], nice: false },
    axis: { format: '.2f', tickCount: 5 },
  };
  return {
    width: PLOT_WIDTH,
    height: { step: 26 },
    data: { values: dots.map((dot) => ({ ...dot })) },
    layer: [
      {
        mark: { type: 'line' as const, color: '#9a9aa5', strokeWidth: 2 },
        encoding: { y, x, detail: { field: 'name', type: 'nominal' as const } },
      },
      {
        mark: { type: 'point' as const, filled: true, opacity: 1 },
        encoding: {
          y,
          x,
          // One legend for all three: colour, shape and size say the same, to every eye.
          color: { ...of, scale: { domain, range: [PRODUCTION, CANDIDATE] }, legend },
          shape: { ...of, scale: { domain, range: ['diamond', 'circle'] }, legend },
          size: { ...of, scale: { domain, range: [190, 90] }, legend },
        },
      },
    ],
  };
}

/** The change of the deciding figure with its interval, against the line of no change. */
function differencePart(
  input: EvaluationChartInput,
  difference: NonNullable<Verdict['difference']>,
) {
  const inPoints = {
    name: `Δ ${metricTitles[input.metric]}`,
    estimate: difference.estimate * 100,
    lower: difference.lower * 100,
    upper: difference.upper * 100,
  };
  const { name: _name, ...figures } = inPoints;
  const widest = Math.max(1, ...Object.values(figures).map(Math.abs)) * 1.15;
  const y = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    axis: { minExtent: nameWidth(input) },
  };
  const x = {
    type: 'quantitative' as const,
    title: 'points against production, 90 % interval',
    scale: { domain: [-widest, widest], nice: false },
    axis: { format: '+.1f', tickCount: 5 },
  };
  return {
    width: PLOT_WIDTH,
    height: 34,
    data: { values: [inPoints] },
    layer: [
      {
        mark: { type: 'rule' as const, color: '#888888', strokeDash: [4, 3] },
        encoding: { x: { datum: 0 } },
      },
      {
        mark: { type: 'rule' as const, size: 3, color: INK },
        encoding: { y, x: { field: 'lower', ...x }, x2: { field: 'upper' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 110, color: INK, opacity: 1 },
        encoding: { y, x: { field: 'estimate', ...x } },
      },
    ],
  };
}

function dotsOf({ evaluation, metric, productionName }: EvaluationChartInput): readonly Dot[] {
  const { candidate, production } = evaluation;
  const pair = (name: string, score: number | undefined, before: number | undefined): Dot[] => [
    ...(before === undefined ? [] : [{ name, who: productionName, score: before }]),
    ...(score === undefined ? [] : [{ name, who: 'candidate', score }]),
  ];
  return [
    ...pair(metricTitles[metric], candidate.metrics[metric], production?.metrics[metric]),
    ...labelsByLoss(candidate, production)
      .slice(0, MOST_CLASSES)
      .flatMap((label, index, all) =>
        pair(
          rowName(label, index, all),
          candidate.perClass[label]?.f1,
          production?.perClass[label]?.f1,
        ),
      ),
  ];
}

/** Long labels may look the same once shortened; rows of one name would be drawn as one. */
function rowName(label: string, index: number, all: readonly string[]): string {
  const name = shown(label, MOST_NAME_CHARACTERS);
  const twins = all
    .slice(0, index)
    .filter((other) => shown(other, MOST_NAME_CHARACTERS) === name).length;
  return twins === 0 ? name : `${shown(label, 12)} (${twins + 1})`;
}

function labelsByLoss(candidate: ModelScores, production: ModelScores | null): readonly string[] {
  const change = (label: string) =>
    (candidate.perClass[label]?.f1 ?? 0) - (production?.perClass[label]?.f1 ?? 0);
  return Object.keys(candidate.perClass).sort((a, b) => change(a) - change(b));
}
