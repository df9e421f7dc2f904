import {
  type Alert,
  type AlertKind,
  isOpen,
  type Observation,
} from '../../pipeline/core/alert/alert.ts';
import { count, figure, metricTitles, plural, points, smallShare } from './format.ts';
import { movedText } from './histogram-words.ts';
import type { ModelFacts } from './message.ts';

/** The wording of alerts, shared by cards, lists, the Home tab and charts. */

/** The setting in `mlops.config.ts` that holds the limit. */
export const thresholdSettings: Readonly<Record<AlertKind, string>> = {
  metric: 'alerts.maxMetricDrop',
  error_rate: 'alerts.maxErrorRate',
  latency: 'alerts.maxP95Milliseconds',
  input_drift: 'alerts.maxInputShift',
};

/** The name of the figure an alert of this kind watches. */
export function figureTitle(kind: AlertKind, { metric }: Pick<ModelFacts, 'metric'>): string {
  return {
    metric: metricTitles[metric],
    error_rate: 'Error rate',
    latency: 'p95 latency',
    input_drift: 'Input shift',
  }[kind];
}

/** A figure with its unit. */
export function figureText(kind: AlertKind, value: number): string {
  switch (kind) {
    case 'metric':
      return figure(value);
    case 'error_rate':
      return smallShare(value);
    case 'latency':
      return `${count(Math.round(value))} ms`;
    case 'input_drift':
      return `${(value * 100).toFixed(0)} %`;
  }
}

/** The figure and its change, such as `Macro-F1 0.861, −7.7 points against v6 at its deployment (0.938)`. */
export function observationText(
  kind: AlertKind,
  observation: Observation,
  facts: Pick<ModelFacts, 'metric'>,
): string {
  const { value, baseline, version } = observation;
  const moved = movedText(observation);
  const current = `${figureTitle(kind, facts)} ${figureText(kind, value)}${moved === '' ? '' : ` in ${moved}`}`;
  if (baseline === null) return current;
  return `${current}, ${points(value - baseline)} against v${version} at its deployment (${figureText(kind, baseline)})`;
}

/** What the figure was measured on. */
export function sampleText({ source, sample }: Observation): string {
  switch (source.kind) {
    case 'evaluation':
      return `on ${plural(sample, 'new held-out row')} from run ${source.runId}`;
    case 'endpoint':
      return `over ${plural(sample, 'request')}`;
    case 'inputs':
      return `over ${plural(sample, 'input')}`;
  }
}

/** The limit, as a phrase without a capital. */
export function thresholdText(kind: AlertKind, threshold: number): string {
  return `expected ${kind === 'metric' ? 'at least' : 'at most'} ${figureText(kind, threshold)}`;
}

const breaches: Readonly<Record<AlertKind, string>> = {
  metric: 'scores lower than when it was deployed',
  error_rate: 'fails too many requests',
  latency: 'responds too slowly',
  input_drift: 'gets inputs unlike those it was evaluated on',
};

/** The state of an alert in one short sentence; the header of its card. */
export function alertHeadline(alert: Alert): string {
  const { model, kind, opened, status, mute, ended } = alert;
  const version = `${model} v${opened?.by.version ?? '?'}`;
  switch (status) {
    case 'recovered':
      return `✅ ${version} has recovered: ${recoveries[kind]}`;
    case 'replaced':
      return `↪️ ${version} is no longer live; v${ended?.replacedBy} replaced it`;
    case 'retired':
      return `📦 ${version} is no longer live; ${model} was retired`;
    case 'accepted':
      return `✅ ${version}: its inputs are normal now`;
    default: {
      const icon = mute !== null ? '🔕' : status === 'acknowledged' ? '👀' : '🚨';
      return `${icon} ${version} ${breaches[kind]}`;
    }
  }
}

const recoveries: Readonly<Record<AlertKind, string>> = {
  metric: 'its score is back within the limit',
  error_rate: 'requests succeed again',
  latency: 'responses are fast again',
  input_drift: 'its inputs are like those it was evaluated on',
};

/** The latest observation of an open alert; null while it is still the one that opened it. */
export function newest(alert: Alert): Observation | null {
  const last = alert.observations.at(-1) ?? null;
  return last === null || last.at === alert.opened?.by.at || !isOpen(alert) ? null : last;
}
