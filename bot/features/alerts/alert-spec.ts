import type { TopLevelSpec } from 'vega-lite';
import type { Alert, Observation } from '../../../pipeline/core/alert/alert.ts';
import { figureTitle } from '../../blocks/alert-words.ts';
import type { ModelFacts } from '../../blocks/message.ts';

/** Blue and vermilion of Okabe and Ito: apart for every kind of colour vision, and in print. */
const FINE = '#0072b2';
const BREACH = '#d55e00';

const LIMIT = { metric: 'minimum', error_rate: 'maximum', latency: 'maximum' } as const;

/** Every look at the figure, the limit it was held against, and where it was at the deployment. */
export function alertSpec(
  alert: Alert,
  facts: Pick<ModelFacts, 'metric'>,
  title: string,
): TopLevelSpec {
  const { kind, observations } = alert;
  const baseline = observations.at(-1)?.baseline ?? null;
  const looks = observations.map((each, index) => ({
    name: nameOf(each, index),
    value: scaled(alert, each.value),
    threshold: scaled(alert, each.threshold),
    state: each.isBreach ? 'beyond the limit' : 'fine',
  }));
  const points =
    baseline === null
      ? looks
      : [
          {
            name: `0: v${observations.at(-1)?.version}|deployed`,
            value: baseline,
            threshold: looks[0]?.threshold ?? baseline,
            state: 'fine',
          },
          ...looks,
        ];
  const names = points.map(({ name }) => name);
  const y = {
    type: 'quantitative' as const,
    scale: { domain: domainOf(alert, points), nice: false },
    title: {
      metric: figureTitle(kind, facts),
      error_rate: 'failed requests, %',
      latency: 'p95, ms',
    }[kind],
    axis: { tickCount: 6 },
  };
  const x = {
    field: 'name',
    type: 'ordinal' as const,
    sort: names,
    title: null,
    axis: { labelAngle: 0, labelOverlap: true, labelExpr: LABEL },
  };
  const [first] = points;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    background: 'white',
    padding: 16,
    title: { text: title, anchor: 'start', fontSize: 16, offset: 12 },
    config: {
      font: 'DejaVu Sans',
      axis: { labelFontSize: 12, titleFontSize: 12, labelLimit: 160 },
      view: { stroke: null },
    },
    width: 560,
    height: 240,
    data: { values: points },
    layer: [
      {
        mark: { type: 'line', strokeDash: [6, 4], color: BREACH, strokeWidth: 2 },
        encoding: { x, y: { field: 'threshold', ...y } },
      },
      {
        // At the beginning of the line: what is beyond the limit is drawn at its end.
        data: { values: first === undefined ? [] : [first] },
        mark: {
          type: 'text',
          align: 'left',
          dy: kind === 'metric' ? 14 : -8,
          color: BREACH,
          fontSize: 12,
        },
        encoding: { x, y: { field: 'threshold', ...y }, text: { value: LIMIT[kind] } },
      },
      {
        mark: { type: 'line', color: '#888888', strokeWidth: 1.5 },
        encoding: { x, y: { field: 'value', ...y } },
      },
      {
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: {
          x,
          y: { field: 'value', ...y },
          color: {
            field: 'state',
            type: 'nominal',
            scale: { domain: ['fine', 'beyond the limit'], range: [FINE, BREACH] },
            legend: { title: null, orient: 'top', labelFontSize: 12 },
          },
          shape: {
            field: 'state',
            type: 'nominal',
            scale: { domain: ['fine', 'beyond the limit'], range: ['circle', 'triangle-up'] },
          },
        },
      },
    ],
  };
}

/** What follows the number, a line per part. */
const LABEL = "split(substring(datum.label, indexof(datum.label, ':') + 2), '|')";

/** Times differ by their seconds only; the number keeps names apart that would look the same. */
function nameOf({ at, version }: Observation, index: number): string {
  return `${index + 1}: v${version}|${at.slice(5, 10)}|${at.slice(11, 16)}`;
}

function scaled({ kind }: Alert, value: number): number {
  return kind === 'error_rate' ? value * 100 : value;
}

function domainOf(
  { kind }: Alert,
  points: readonly { value: number; threshold: number }[],
): [number, number] {
  const all = points.flatMap(({ value, threshold }) => [value, threshold]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (kind !== 'metric') return [0, Math.max(high * 1.15, 1)];
  const margin = Math.max(0.01, (high - low) * 0.3);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}
