import {
  type Alert,
  type AlertKind,
  isOpen,
  type Observation,
} from '../../pipeline/core/alert/alert.ts';
import { count, figure, metricTitles, plural, points, smallShare } from './format.ts';
import type { ModelFacts } from './message.ts';

/** How alerts speak of figures: one voice for cards, lists, Home and charts. */

/** Setting of `mlops.config.ts` that draws the line. */
export const thresholdSettings: Readonly<Record<AlertKind, string>> = {
  metric: 'alerts.maxMetricDrop',
  error_rate: 'alerts.maxErrorRate',
  latency: 'alerts.maxP95Milliseconds',
};

export function figureTitle(kind: AlertKind, { metric }: Pick<ModelFacts, 'metric'>): string {
  return { metric: metricTitles[metric], error_rate: 'Error rate', latency: 'p95 latency' }[kind];
}

export function figureText(kind: AlertKind, value: number): string {
  switch (kind) {
    case 'metric':
      return figure(value);
    case 'error_rate':
      return smallShare(value);
    case 'latency':
      return `${count(Math.round(value))} ms`;
  }
}

/** The figure with its change, such as `Macro-F1 0.861, −7.7 points against v6 at its deployment (0.938)`. */
export function observationText(
  kind: AlertKind,
  observation: Observation,
  facts: Pick<ModelFacts, 'metric'>,
): string {
  const { value, baseline, version } = observation;
  const told = `${figureTitle(kind, facts)} ${figureText(kind, value)}`;
  if (baseline === null) return told;
  return `${told}, ${points(value - baseline)} against v${version} at its deployment (${figureText(kind, baseline)})`;
}

export function sampleText({ source, sample }: Observation): string {
  return source.kind === 'evaluation'
    ? `on ${plural(sample, 'fresh held-out row')} of run ${source.runId}`
    : `in ${plural(sample, 'request')}`;
}

export function thresholdText(kind: AlertKind, threshold: number): string {
  return `${kind === 'metric' ? 'at least' : 'at most'} ${figureText(kind, threshold)} is expected`;
}

const wrongs: Readonly<Record<AlertKind, string>> = {
  metric: 'scores lower than when it was deployed',
  error_rate: 'fails too many requests',
  latency: 'answers too slowly',
};

/** The state of an alert in one short sentence: its header. */
export function alertHeadline(alert: Alert): string {
  const { model, kind, opened, status, mute, ended } = alert;
  const version = `${model} v${opened?.by.version ?? '?'}`;
  switch (status) {
    case 'recovered':
      return `✅ ${version} has recovered: ${regained[kind]}`;
    case 'replaced':
      return `↪️ ${version} is no longer live, v${ended?.replacedBy} is`;
    default: {
      const icon = mute !== null ? '🔕' : status === 'acknowledged' ? '👀' : '🚨';
      return `${icon} ${version} ${wrongs[kind]}`;
    }
  }
}

const regained: Readonly<Record<AlertKind, string>> = {
  metric: 'its score is back',
  error_rate: 'requests succeed again',
  latency: 'answers are fast again',
};

/** What to say about now: nothing while the breach that opened it is still the newest look. */
export function newest(alert: Alert): Observation | null {
  const last = alert.observations.at(-1) ?? null;
  return last === null || last.at === alert.opened?.by.at || !isOpen(alert) ? null : last;
}
