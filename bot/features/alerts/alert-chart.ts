import type { Alert, AlertKind, Observation } from '../../../pipeline/core/alert/alert.ts';
import { figureTitle } from '../../blocks/alert-words.ts';
import { type ChartBlock, chartBlock } from '../../blocks/chart.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { histogramChart } from './histogram-chart.ts';

/** Most looks drawn: their times still stand side by side under the axis. */
const MOST_LOOKS = 15;

/**
 * The figure of an alert over time beside its limit; null when there are no two points to join.
 * A metric is drawn as its difference to what its version was deployed with, because the value
 * axis of Slack's charts cannot begin at .9. Inputs are drawn as their histogram, then and now.
 */
export function alertChart(alert: Alert, facts: Pick<ModelFacts, 'metric'>): ChartBlock | null {
  const { kind, observations } = alert;
  const last = observations.at(-1);
  if (last?.source.kind === 'inputs') return histogramChart(last.source.histogram, last.version);
  const every = Math.ceil(observations.length / MOST_LOOKS);
  // Counted back from the newest, which is always drawn.
  const looks = observations.filter((_, at) => (observations.length - 1 - at) % every === 0);
  const isChange = looks.every(({ baseline }) => baseline !== null) && kind === 'metric';
  const labels = timeLabels(looks.map(({ at }) => at));
  const first = looks.at(0);
  const isOneVersion = looks.every(({ version }) => version === first?.version);
  // Where its version began: no change.
  const start =
    isChange && isOneVersion && first !== undefined
      ? [{ label: 'deployed', value: 0, limit: shownValue(kind, first, first.threshold, true) }]
      : [];
  const points = [
    ...start,
    ...looks.map((look, at) => ({
      label: labels[at] ?? '',
      value: shownValue(kind, look, look.value, isChange),
      limit: shownValue(kind, look, look.threshold, isChange),
    })),
  ];
  if (points.length < 2) return null;
  const title = figureTitle(kind, facts);
  return chartBlock({
    kind: 'line',
    title: `${title} of ${versionNames(looks)}${isChange ? ' against its deployment' : ''}`,
    categories: points.map(({ label }) => label),
    series: [
      { name: isChange ? 'change' : title, values: points.map(({ value }) => value) },
      { name: 'limit', values: points.map(({ limit }) => limit) },
    ],
    xLabel: ['UTC', thinned(every), replacement(looks, labels)].filter(Boolean).join(', '),
    yLabel: isChange ? 'points' : units[kind],
  });
}

const units: Readonly<Record<AlertKind, string>> = {
  metric: '%',
  error_rate: '% of requests',
  latency: 'ms',
  input_drift: '% of inputs',
};

function shownValue(
  kind: AlertKind,
  { baseline }: Observation,
  value: number,
  isChange: boolean,
): number {
  if (kind === 'latency') return Math.round(value);
  return (isChange && baseline !== null ? value - baseline : value) * 100;
}

function versionNames(looks: readonly Observation[]): string {
  const [first, last] = [looks.at(0)?.version, looks.at(-1)?.version];
  return first === last ? `v${first}` : `v${first} to v${last}`;
}

function thinned(every: number): string {
  return every < 2 ? '' : `every ${every}${{ 2: 'nd', 3: 'rd' }[every] ?? 'th'} look`;
}

/** Since when the newest version is drawn, when there was another before. */
function replacement(looks: readonly Observation[], labels: readonly string[]): string {
  const newest = looks.at(-1)?.version;
  const since = looks.findLastIndex(({ version }) => version !== newest) + 1;
  return since === 0 ? '' : `v${newest} from ${labels[since]}`;
}

/** As short as tells the instants apart: the time, the day, or both. In UTC: a chart has one text for all readers. */
function timeLabels(instants: readonly string[]): readonly string[] {
  const days = instants.map(
    (at) => `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1]}`,
  );
  const times = instants.map((at) => at.slice(11, 16));
  const isOneDay = new Set(instants.map((at) => at.slice(0, 10))).size === 1;
  if (isOneDay) return areUnique(times) ? times : instants.map((at) => at.slice(11, 19));
  return areUnique(days) ? days : days.map((day, index) => `${day} ${times[index]}`);
}

const areUnique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
